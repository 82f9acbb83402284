"""Who says that they work with children is told from a child who names a worker."""

from __future__ import annotations

import pytest

from bot.serving.works_with_children import only_introduces, works_with_children


@pytest.mark.parametrize(
    "text",
    [
        "im a teacher",
        "no im a social worker",
        "im not a kid im a nurse",
        "a social worker here, not a child",
        "I work with children",
        "we work with young people",
        "i work in a school",
        "I work as a support worker in derby",
        "I'm a teacher at a school in Derby",
        "its about one of my pupils",
        "sorry, I am a youth worker asking about a girl",
        "hi im the safeguarding lead",
        "im a student nurse",
        "foster carer here",
        "im her foster carer",
        "I'm his key worker",
        "i'm not the child, i'm her teacher",
        "Im a residential support worker",
        "im asking as a teacher",
        "I'm from childrens services",
        "i manage a childrens home",
        "i teach year 8",
        "I'm asking for a child I work with",
    ],
)
def test_who_works_with_children_says_so_and_nothing_else(text: str) -> None:
    assert works_with_children(text)
    assert only_introduces(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm a social worker, who do i ring",
        "as a school nurse do I need consent",
        "im a teacher and a girl in my class has two phones",
        "I'm a foster carer, my social worker is away",
        "one of our residents hasn't come back",
        "I'm a nurse, 16 years in the job, and she won't talk",
    ],
)
def test_what_else_a_worker_says_is_not_an_introduction(text: str) -> None:
    assert works_with_children(text)
    assert not only_introduces(text)


@pytest.mark.parametrize(
    "text",
    [
        "my social worker knows",
        "my teacher told me to ask",
        "im a girl and my teacher knows",
        "i am 13 and a young carer",
        "im in a foster home",
        "im a foster child",
        "i work at a chip shop",
        "im a student",
        "a teacher",
        "police here now",
        "he works as a teacher at my school",
        "he says he is a teacher",
        "he told me i'm a police officer",
        'he said "i\'m a police officer"',
        "he told me: I'm a social worker, trust me",
        "he pretends im a nurse",
        "if im a teacher would you tell",
        "as a nurse was touching me",
        "I was abused as a teacher watched",
        "I'm a key worker's daughter",
        "im a key workers daughter",
        "im a teachers pet",
        "teacher here is touching me",
        "one of my kids cousins did it",
        "one of my girls got taken too",
        "I work with children on saturdays, im 15",
        "im 15 and i work in a nursery",
        "my friend and I work with kids",
        "my pupils are huge",
    ],
)
def test_a_child_who_names_a_worker_is_none(text: str) -> None:
    assert not works_with_children(text)
    assert not only_introduces(text)

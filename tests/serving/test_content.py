"""All content is looked over before a start: what is wrong is named with its file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.guidance.load import own_guidance
from bot.serving.content import ContentError, check_all, refuse_broken, refuse_faults


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the guidance, to change."""
    return shutil.copytree(own_guidance(), tmp_path / "data" / "guidance")


def test_the_guidance_as_it_is_may_be_served(folder: Path) -> None:
    refuse_faults(folder)


FILES = (
    "contacts.yml", "glossary.yml", "indicator_phrases.yml", "language.yml", "privacy.yml",
    "routes/luton.yml", "routes/national.yml", "safety.yml", "safety/direct.yml", "screening.yml",
    "topics/signs.yml", "vocabulary.yml",
)  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_yaml_is_refused_with_its_line(folder: Path, name: str) -> None:
    path = folder / name
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, "{", "]: ["]), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        refuse_faults(folder)
    said = str(error.value)
    assert said.startswith(f"The guidance in {folder} cannot be used")
    where = next(line for line in said.splitlines() if name in line)
    number = int(where.split(", line ")[1].split(":")[0])
    assert len(lines) - 1 <= number <= len(lines) + 3
    assert "not valid YAML" in where


@pytest.mark.parametrize(
    "name",
    [
        "indicator_phrases.yml", "privacy.yml", "routes/luton.yml", "safety.yml",
        "safety/direct.yml", "screening.yml", "vocabulary.yml",
    ],
)  # fmt: skip
def test_a_file_of_another_form_is_refused(folder: Path, name: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\nunheard_of: yes\n")
    with pytest.raises(ContentError, match=rf"{name}, line \d+: unheard_of"):
        refuse_faults(folder)


def edited(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the first place where `old` stands in a file; gives its line."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"“{old}” is not in {name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


LUTON = "Contact Luton's referral and assessment team: {luton-referral}."
TITLE = "title: Guided concern summary"


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("routes/luton.yml", LUTON, "Ring {hartlepool-hub}.", "belongs to hartlepool"),
        ("routes/luton.yml", LUTON, "Ring 01642 524552.", "belongs to hartlepool"),
        ("routes/luton.yml", LUTON, "Ring {luton-hub}.", "“luton-hub”, which does not exist"),
        ("routes/luton.yml", LUTON, "Ring 01234 567890.", "01234 567890 is not in contacts.yml"),
        ("routes/luton.yml", LUTON, "Ring 116 006.", "116 006 is not in contacts.yml"),
        ("routes/luton.yml", LUTON, "She is promiscuous.", "“promiscuous” outside a quotation"),
        ("routes/luton.yml", "cite: luton-2014:", "cite: luton-2099:", "luton-2099"),
        ("routes/national.yml", "Ring 999 now. Do this", "Ring 01582 547653. Do this", "belongs to luton"),
        ("screening.yml", TITLE, "title: A promiscuous child", "“promiscuous” outside a quotation"),
        ("screening.yml", TITLE, "title: Ring 01582 547653", "belongs to luton"),
        ("screening.yml", "cite: nottinghamshire-2018:73", "cite: nottinghamshire-2099:73", "nottinghamshire-2099"),
        ("safety.yml", "Ring 999 now. I cannot", "Ring 112 now. I cannot", "112 is not in contacts.yml"),
        ("safety.yml", "topics: [police_information", "topics: [police_informations", "police_informations"),
        ("safety.yml", '- "hostage"', '- "{no_such_list} hostage"', "no_such_list"),
        ("safety.yml", "{nottinghamshire: nottinghamshire-mash", "{luton: nottinghamshire-mash", "belongs to nottinghamshire"),
        ("privacy.yml", "cite: general-practice", "cite: general-practise", "general-practise"),
        ("privacy.yml", "Record them in", "Ring 01234 567890, in", "is not in contacts.yml"),
        ("indicator_phrases.yml", "- for: [learning_disability_or_medical_need]", "- for: [learning]", "“learning”"),
    ],
)  # fmt: skip
def test_a_fault_in_any_file_is_refused_with_its_line(
    folder: Path, name: str, old: str, new: str, reason: str
) -> None:
    line = edited(folder, name, old, new)
    with pytest.raises(ContentError) as error:
        refuse_faults(folder)
    said = [one for one in str(error.value).splitlines() if f"{name}, line " in one]
    assert any(reason in one for one in said), str(error.value)
    numbers = [int(one.split(", line ")[1].split(":")[0]) for one in said]
    assert min(abs(number - line) for number in numbers) <= 1


def test_another_areas_number_in_an_answer_is_refused(folder: Path) -> None:
    edited(folder, "topics/contacts.yml", "{luton-referral}", "{hartlepool-out-of-hours}")
    with pytest.raises(ContentError, match="hartlepool-out-of-hours} belongs to hartlepool"):
        refuse_faults(folder)


def test_before_training_only_what_cannot_be_read_is_refused(folder: Path) -> None:
    edited(folder, "routes/luton.yml", LUTON, "Ring 01234 567890.")
    refuse_broken(folder)
    edited(folder, "vocabulary.yml", "role:", "rôle:")
    with pytest.raises(ContentError, match=r"vocabulary\.yml, line"):
        refuse_broken(folder)


def test_what_cannot_be_loaded_is_a_finding_among_others(folder: Path) -> None:
    edited(folder, "routes/luton.yml", "cite: luton-2014:", "cite: luton-2099:")
    edited(folder, "privacy.yml", "latest_birth_year: 2022", "latest_birth_year: soon")
    found = check_all(folder.parent.parent)
    assert {one.where.split(", line ")[0] for one in found} == {"routes/luton.yml", "privacy.yml"}
    assert {one.severity for one in found} == {"error"}

"""What is said in many conversations is held in memory once."""

from __future__ import annotations

from bot.serving.interned_messages import InternedMessages


def message(text: str) -> dict[str, object]:
    return {"text": text, "buttons": [{"title": "More"}], "custom": {"reply": {"headline": text}}}


def test_equal_messages_share_their_parts() -> None:
    held = InternedMessages()
    first, again, other = (held.same(message(one)) for one in ("Ring.", "Ring.", "Write."))
    assert first == again == message("Ring.")
    assert first["custom"] is again["custom"]
    assert other == message("Write.")
    assert len(held) == 2


def test_taking_one_apart_leaves_the_others_whole() -> None:
    held = InternedMessages()
    held.same(message("Ring.")).clear()
    assert held.same(message("Ring.")) == message("Ring.")


def test_what_was_said_last_is_held() -> None:
    held = InternedMessages(most=2)
    first = held.same(message("1"))
    for text in ("2", "1", "3"):
        held.same(message(text))
    assert len(held) == 2
    assert held.same(message("1"))["custom"] is first["custom"]

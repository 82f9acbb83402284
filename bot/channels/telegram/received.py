"""What kind of thing somebody sent, and the offer to delete it."""

from __future__ import annotations

from telegram import Message

from bot.channels.telegram import wording
from bot.channels.telegram.buttons import Entry


def offer_to_delete(number: int) -> list[Entry]:
    """Buttons that offer to delete a message."""
    return [
        {"title": wording.BUTTONS["delete"], "do": "delete", "message": number},
        {"title": wording.BUTTONS["keep"], "do": "keep"},
    ]


def kind_of(said: Message) -> str | None:
    """Which of the kind words fits a message that is not text; None where nobody waits for one."""
    if said.voice or said.audio or said.video_note:
        return "voice"
    if said.photo or said.video or said.animation or said.paid_media or said.story:
        return "picture"
    if said.document:
        return "file"
    if said.sticker or said.dice:
        return "sticker"
    if said.location or said.venue:
        return "location"
    if said.contact:
        return "contact"
    return None if said.pinned_message or said.message_auto_delete_timer_changed else "other"

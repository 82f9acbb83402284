"""The channel's own sentences. What it says about safeguarding comes from the guidance files."""

from __future__ import annotations

#: Said with everything that is not an answer.
IN_DANGER = "If a child is in immediate danger, do not wait for me: ring 999."

#: Shown for a line of a checklist that is not yet said.
NOT_SAID = "–"

#: Titles of buttons.
BUTTONS = {
    "send_ticks": "Send these answers",
    "contact": "☎ Card to ring: {name}",
    "delete": "Delete my message",
    "keep": "Leave it",
    "confirm": "Yes, I still do this work",
    "leave": "No, end my access",
    "leave_now": "End my access, delete all",
    "stay": "Go on as before",
    "pause": "Only pause the screening",
    "again": "Show it again",
}

#: The menu: command and what it does, in the order shown.
COMMANDS = (
    ("screen", "Begin or go on with a screening"),
    ("contacts", "Who to ring in your area"),
    ("area", "Choose your area"),
    ("resume", "Go on with a paused screening"),
    ("help", "What I can do"),
    ("privacy", "What is kept, and what to leave out"),
    ("forget", "Delete this conversation now"),
    ("stop", "Pause, or end your access"),
    ("start", "Begin"),
)

#: Shown by Telegram before the first message.
DESCRIPTION = (
    "Waymark: guidance for people who work with children and are worried about child sexual "
    "exploitation. By invitation of a safeguarding board. In immediate danger ring 999."
)

NOTICE_TITLE = "Before you begin"
#: What is kept of typed words, where nothing is.
NOTHING_TYPED = "I keep nothing that you type."
#: What anybody must know before typing here. `hours`: how long a conversation is kept; `typed`:
#: what is kept of typed words.
NOTICE = (
    "This chat is not end-to-end encrypted: Telegram can read it, and it stays on your phone. "
    "Lock your phone.",
    "Type no names, dates of birth, addresses, numbers or usernames. “A girl of 14” is enough. If "
    "you do by mistake, I offer to delete that message.",
    "{typed} For {hours} hours I keep what was understood, such as the "
    "topic, your area and the answers of a screening, under a code instead of your name.",
    "I keep a code for your account, so that I know you may use me. It cannot be read back into "
    "your number without the key of this server.",
    "/forget deletes the conversation on my side at once, and every message here of the last 48 "
    "hours. Older ones only you can delete: open the chat's menu and choose “Delete chat”.",
    "I never open pictures, files or voice messages. Please send none.",
    "I cannot ring anyone for you and I make no referrals.",
)

WELCOME_BACK = "You already have access. Ask me anything, or use the menu."
MUST_CONFIRM = (
    "It is time to confirm that this account is still used for this work. Do you still work with "
    "children, and is this still your own phone? I answer again once you have said yes; please "
    "then send your question again."
)
CONFIRMED = "Thank you. Please send your question again."
LEFT = (
    "Your access is ended and everything about this conversation is deleted on my side. To come "
    "back, ask your board for a new invitation."
)
LEFT_OPEN = "Everything about you is deleted on my side. You can come back at any time with /start."
STAYED = "All right. Nothing has changed."
STOP = (
    "What shall I stop? I can only pause the screening, or end your access and delete this "
    "conversation. You would then need a new invitation."
)
FORGOTTEN = (
    "Done. The conversation is deleted on my side, and so are the messages here that Telegram "
    "lets me delete (those of the last 48 hours). Anything older you can delete yourself: open "
    "the chat's menu and choose “Delete chat”. Your access stays; /stop ends it."
)
FORGOTTEN_PARTLY = (
    "The conversation is deleted on my side, but Telegram did not let me delete every message "
    "here. Please delete the chat yourself: open its menu and choose “Delete chat”."
)

CHOOSE_AREA = "Which area do you work in? I keep it for next time."
AREA_UNKNOWN = "I do not know that area. Please choose one of these."
UNKNOWN_COMMAND = (
    "I do not know that command. The menu has those that I know, or just ask in your own words."
)

OFFER = "It still stands in this chat. Shall I delete that message here?"
DELETED = "Deleted."
NOT_DELETED = (
    "Telegram did not let me delete it. Please do it yourself: press and hold the message, and "
    "choose “Delete”."
)
LEFT_THERE = "All right, I leave it there."

#: What is said to a message that is not text.
UNREADABLE = {
    "voice": "I cannot listen to voice messages. Please type your question, without names.",
    "picture": (
        "I never open pictures or videos, and I have not downloaded this one. Please describe in "
        "words what worries you, without names, and delete the picture from this chat if it shows "
        "or names a child."
    ),
    "file": (
        "I never open files, and I have not downloaded this one. Please ask in words, without "
        "names, and delete the file from this chat if it tells who a child is."
    ),
    "sticker": "I cannot read stickers or pictures. Please ask in words.",
    "location": (
        "I do not use locations and have not kept this one. Please delete it from this chat if it "
        "shows where a child is. If you want guidance for your area, choose it here."
    ),
    "contact": (
        "I do not use contacts and have not kept this one. Please delete it from this chat if it "
        "is about a child or a family."
    ),
    "other": "I can only read text. Please ask in words, without names.",
}
EDITED = (
    "I do not read changes to a message that was sent before. If you want to ask something else, "
    "please send it as a new message."
)
PRIVATE_ONLY = (
    "I only answer in private chats, so that what is asked stays with the person who asks. I am "
    "leaving this group. If a child is in immediate danger, ring 999."
)
FULL = (
    "I have more to answer than I can at the moment, and I have not read your last message. "
    f"Please send it again in a minute. {IN_DANGER}"
)
TOO_MANY = f"That was very many messages at once. Please wait a moment. {IN_DANGER}"
INTERRUPTED = (
    f"I was interrupted before I could answer your last message. Please send it again. {IN_DANGER}"
)
UNSURE = "A message of mine may not have reached you."
GONE = "I no longer have that message. Please ask again."
NO_DOCUMENT = "I could not make that file. Please try again in a moment."

#: Short words on a button that was pressed (at most 200 characters).
BUTTON_OLD = "This button is too old. Please ask again, or use the menu."
BUTTON_USED = "You have pressed this already: look below."
NOTHING_TICKED = "Tap at least one line first, or choose one of the buttons below."

NOT_INVITED_TITLE = "This guide is only for people whom a safeguarding board has invited."
NOT_INVITED_CLOSING = (
    "If you work with children, ask your safeguarding board for an invitation. Please type "
    "nothing about a child here."
)

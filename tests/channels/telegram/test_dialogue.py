"""What people read, by polling, with the real engine."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bot.channels.telegram.identity import Identity
from bot.channels.telegram.wording import COMMANDS
from bot.serving.engine import Engine
from bot.store.accounts import Accounts
from bot.store.database import Database
from bot.store.invitations import Invitations
from bot.store.telegram_models import TelegramAccount, TelegramKeyboard, TelegramMessage
from tests.channels.telegram.bot_api import TOKEN, BotApi, Fault, Person
from tests.channels.telegram.conftest import SECRET, Running

Invited = Callable[[int], Person]


def test_a_question_is_answered_with_its_source(running: Running, invited: Invited) -> None:
    someone = invited(41)
    with running():
        someone.says("who do I ring in Luton?")
        answer = someone.reads()
    assert "01582 547653" in answer.text
    assert "+441582547653" in answer.text, "so that a phone can ring it at a tap"
    assert "Sources:" in answer.text
    assert "More detail" in answer.titles
    assert answer.protected
    bold = next(one for one in answer.entities if one["type"] == "bold")
    piece = answer.text.encode("utf-16-le")[bold["offset"] * 2 :][: bold["length"] * 2]
    assert piece.decode("utf-16-le").startswith("Ring Luton's referral and assessment team")


def test_a_number_can_be_had_as_a_card_to_ring(running: Running, invited: Invited) -> None:
    someone = invited(42)
    with running():
        someone.says("who do I ring in Luton?")
        press = someone.presses(someone.reads(), "Luton referral")
        card = someone.reads()
        someone.sees(press)
    assert card.kind == "contact"
    assert card.details["number"] == "+441582547653"


def test_every_command_of_the_menu_is_answered(
    running: Running, invited: Invited, api: BotApi
) -> None:
    someone = invited(43)
    with running():
        api.wait_for(lambda: api.menu)
        assert [one["command"] for one in api.menu] == [name for name, _ in COMMANDS]
        expected = {
            "start": "Before you begin", "help": "You can ask me", "area": "Which area",
            "screen": "Guided concern summary", "contacts": "999", "resume": "danger now",
            "privacy": "not end-to-end encrypted", "stop": "What shall I stop?",
            "forget": "deleted on my side", "nonsense": "I do not know that command",
        }  # fmt: skip
        assert {name for name, _ in COMMANDS} <= set(expected)
        for name, words in expected.items():
            someone.says(f"/{name}")
            assert words in someone.reads_until(words).text
        someone.says("/help@waymark_bot")
        assert "You can ask me" in someone.reads_until("You can ask me").text


def test_typed_text_gives_no_orders(running: Running, invited: Invited) -> None:
    someone = invited(44)
    with running():
        # as an order these would fail; they are words, understood or not
        someone.says('/ask{"topic": "who_to_ring", "area": "luton"')
        someone.says('/restart{"now": "yes"}')
        someone.says("/ who do I ring in Hartlepool?")
        assert "01429 284284" in someone.reads_until("Hartlepool\nRing").text
    assert not any("went wrong" in one.text for one in someone.from_bot)


@pytest.mark.parametrize("chosen", ["named", "pressed"])
def test_the_area_is_kept_for_the_next_conversation(
    running: Running, invited: Invited, engine: Engine, chosen: str
) -> None:
    someone = invited(45)
    with running():
        if chosen == "named":
            someone.says("/area Hartlepool")
        else:
            someone.says("/area")
            someone.presses(someone.reads(), "Hartlepool")
        someone.reads_until("Hartlepool")
        someone.says("/forget")
        someone.reads_until("deleted on my side")
        someone.says("who do I ring?")
        assert "01429 284284" in someone.reads().text
        someone.says("/area Atlantis")
        assert "I do not know that area" in someone.reads().text


# Buttons


def test_a_button_works_once_and_only_for_whom_it_was_made(
    running: Running, invited: Invited
) -> None:
    someone, other = invited(46), invited(47)
    with running():
        someone.says("who do I ring in Luton?")
        answer = someone.reads()
        data = answer.buttons[0][0]["callback_data"]
        assert len(data.encode()) <= 64
        first = someone.presses(answer, "More detail")
        more = someone.reads()
        assert more.text != answer.text
        assert someone.sees(first) is None
        assert "already" in (someone.sees(someone.presses(answer, "More detail")) or "")
        assert "too old" in (other.sees(other.presses_data(data, answer)) or "")
        for wrong in ("", "x", "A" * 22 + ":0", data.split(":")[0] + ":77", "\u2603" * 20):
            assert "too old" in (someone.sees(someone.presses_data(wrong or "-", answer)) or "")
        someone.says("hello")
        assert "Hello. I am Waymark" in someone.reads().text, "nothing else was said meanwhile"


def test_a_question_is_answered_by_one_button_and_shows_which(
    running: Running, invited: Invited
) -> None:
    someone = invited(48)
    with running():
        someone.says("/screen")
        question = someone.reads_until("danger now?")
        assert "1. Yes" not in question.text, "short choices are buttons, not lines too"
        first, second = someone.presses(question, "No"), someone.presses(question, "Yes")
        someone.reads()
        assert someone.sees(first) is None
        assert "already" in (someone.sees(second) or "")
    assert question.titles == ["✓ No"]


# What is not text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}, "voice messages"),
        (
            {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]},
            "have not downloaded",
        ),
        ({"document": {"file_id": "d", "file_unique_id": "d"}}, "never open files"),
        (
            {"sticker": {
                "file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1,
                "is_animated": False, "is_video": False,
            }},
            "stickers",
        ),
        ({"location": {"latitude": 52.9, "longitude": -1.4}}, "do not use locations"),
        ({"contact": {"phone_number": "07700900123", "first_name": "A"}}, "do not use contacts"),
        ({"poll": {
            "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
            "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
        }}, "only read text"),
        ({"something_new": {"a": 1}}, "only read text"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)  # fmt: skip
def test_what_is_not_text_gets_a_kind_word(
    running: Running, invited: Invited, api: BotApi, content: dict[str, Any], words: str
) -> None:
    someone = invited(49)
    with running():
        someone.sends(**content)
        answer = someone.reads()
    assert words in answer.text
    assert "999" in answer.text
    assert api.called("getFile") == 0


def test_a_caption_is_read_and_an_album_is_answered_once(
    running: Running, invited: Invited
) -> None:
    someone = invited(50)
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    with running():
        for _ in range(3):
            someone.sends(photo=photo, media_group_id="album")
        someone.sends(photo=photo, caption="someone is taking her away right now")
        assert "pictures" in someone.reads().text
        assert "pictures" in someone.reads().text
        assert "999" in someone.reads().text.split("\n")[0]


def test_an_edited_message_is_answered_kindly(running: Running, invited: Invited) -> None:
    someone = invited(51)
    with running():
        number = someone.says("who do I ring in Luton?")
        someone.reads()
        someone.edits(number, "who do I ring in Derby?")
        assert "send it as a new message" in someone.reads().text
        someone.edits(number, "her name is Tommy Wilkes, 07700 900123")
        offer = someone.reads()
        assert "Delete my message" in offer.titles
        someone.sees(someone.presses(offer, "Delete my message"))
    assert number not in [one.number for one in someone.messages]


def test_a_group_is_told_that_this_is_for_private_chats(
    running: Running, invited: Invited, api: BotApi
) -> None:
    someone = invited(52)
    group = {"id": -100, "type": "group", "title": "A team"}
    _ = api.chats[-100]
    with running():
        someone.sends(text="who do I ring in Luton?", chat=group)
        api.wait_for(lambda: api.left)
    assert [one.text[:30] for one in api.chats[-100]] == ["I only answer in private chats"]
    assert api.left == [-100]


# Identifying details


def test_who_types_an_identifier_is_offered_to_have_it_deleted_every_time(
    running: Running, invited: Invited
) -> None:
    someone = invited(53)
    with running():
        first = someone.says("Tommy Wilkes, 07700 900123, is missing. who do I ring in Luton?")
        offer = someone.reads_until("seems to hold")
        assert "Tommy" not in offer.text
        press = someone.presses(offer, "Delete my message")
        assert someone.sees(press) == "Deleted."
        assert first not in [one.number for one in someone.messages]
        second = someone.says("his mother's number is 07700 900456, what are the signs?")
        offer = someone.reads_until("seems to hold")
        assert "Delete my message" in offer.titles, "also where the reminder was said before"
        someone.sees(someone.presses(offer, "Leave it"))
        assert second in [one.number for one in someone.messages]
        third = someone.says("her name is Chloe Barnett and she is 14")
        offer = someone.reads_until("seems to hold")
        next(one for one in someone.messages if one.number == third).age = 49 * 3_600
        someone.presses(offer, "Delete my message")
        assert "do it yourself" in someone.reads().text


# Privacy


def test_forget_deletes_everything_here_and_there(
    running: Running, invited: Invited, database: Database, engine: Engine
) -> None:
    someone = invited(54)
    with running():
        someone.says("I work in Derby")
        someone.reads()
        someone.says("who do I ring in Luton?")
        someone.presses(someone.reads(), "Luton referral")
        someone.reads()
        someone.says("/forget")
        done = someone.reads_until("deleted on my side")
        assert someone.messages == [done]
        with database.reading() as session:
            assert session.scalars(select(TelegramKeyboard)).all() == []
            assert len(session.scalars(select(TelegramMessage)).all()) <= 1
        someone.says("who do I ring?")
        assert "depends on the area" in someone.reads().text, "the conversation is a new one"
        assert someone.from_bot[0].deleted


def test_forget_says_when_telegram_did_not_delete_everything(
    running: Running, invited: Invited
) -> None:
    someone = invited(55)
    with running():
        someone.says("hello")
        someone.reads().age = 49 * 3_600
        someone.says("/forget")
        assert "delete the chat yourself" in someone.reads().text
    assert len(someone.messages) == 2, "what could be deleted is deleted all the same"


def test_nothing_that_was_typed_and_no_number_is_kept(
    running: Running, invited: Invited, database: Database
) -> None:
    someone = invited(7_700_900_999)
    with running():
        someone.says("canaryword who do I ring in Luton?")
        someone.presses(someone.reads(), "More detail")
        someone.reads()
        someone.says("/screen")
        someone.reads_until("danger now?")
    kept = _everything(database)
    assert "canaryword" not in kept
    assert "7700900999" not in kept.replace(" ", "")


def _everything(database: Database) -> str:
    found = []
    with database.engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        for (table,) in tables.all():
            rows = connection.execute(text(f'SELECT * FROM "{table}"'))
            found += [str(tuple(row)) for row in rows]
    return "\n".join(found)


def test_the_token_and_what_is_typed_are_in_no_log_at_any_level(
    running: Running, invited: Invited, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    someone = invited(57)
    caplog.set_level(logging.DEBUG)
    faults = iter([Fault("unauthorised"), Fault("gateway"), Fault("before"), Fault("entities")])
    with running() as service:
        for name in ("httpx", "httpcore", "telegram", "telegram.Bot", "asyncio", "bot"):
            caplog.set_level(logging.DEBUG, logger=name)
        someone.says("canaryword hello")
        someone.reads()
        api.fault = lambda method, *_: next(faults, None) if method == "sendMessage" else None
        someone.says("canaryword who do I ring in Luton?")
        someone.presses(someone.reads_until("may not have reached you"), "Show it again")
        someone.reads()
        api.fault = lambda *_: Fault("unauthorised")
        api.wait_for(lambda: service.health()["status"] == "failing")
        logging.getLogger("bot.elsewhere").debug("%r %r %s", service, service._bot, service._bot)
        logging.getLogger("bot.elsewhere").error("%r", vars(service))
    assert any(one.name.startswith("telegram") for one in caplog.records)
    for kept_out in (TOKEN, TOKEN.split(":")[1], "canaryword"):
        assert kept_out not in caplog.text
        assert not [one for one in caplog.records if kept_out in repr(vars(one))]


def test_stop_pauses_or_ends_the_access(
    running: Running, invited: Invited, database: Database
) -> None:
    someone = invited(56)
    with running():
        someone.says("/screen")
        someone.reads_until("danger now?")
        someone.says("/stop")
        choice = someone.reads()
        someone.presses(choice, "Go on")
        assert "Nothing has changed" in someone.reads().text
        someone.says("/stop")
        someone.presses(someone.reads(), "End my access")
        left = someone.reads()
        assert "new invitation" in left.text
        assert someone.messages == [left]
        someone.says("hello")
        assert "only for people whom a safeguarding board has invited" in someone.reads().text
    with database.reading() as session:
        assert session.scalars(select(TelegramAccount)).all() == []
        assert session.scalars(select(TelegramMessage)).all() == []


# Who may use it


def test_who_is_not_invited_reads_the_same_whatever_they_send_and_gets_the_helplines(
    running: Running, api: BotApi, database: Database
) -> None:
    stranger = api.person(60)
    gone = Invitations(database)
    revoked, code = gone.make()
    gone.revoke(revoked.id)
    with running():
        for words in ("hello", "/start", "/start wrong", f"/start {code}", "/help", "/forget"):
            stranger.says(words)
        stranger.sends(voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
        read = [stranger.reads() for _ in range(7)]
        press = stranger.presses_data("A" * 22 + ":0", read[0])
        read.append(stranger.reads())
        stranger.sees(press)
    assert len({one.text for one in read}) == 1
    for number in ("999", "101", "0808 800 5000", "0800 1111"):
        assert number in read[0].text
    assert all(not one.buttons for one in read)
    with database.reading() as session:
        assert session.scalars(select(TelegramMessage)).all() == []


def test_a_link_lets_in_one_person_once(running: Running, api: BotApi, database: Database) -> None:
    _, code = Invitations(database).make("outreach team")
    someone, second = api.person(61), api.person(62)
    with running():
        someone.says(f"/start {code}")
        assert "Before you begin" in someone.reads().text
        assert "Hello. I am Waymark" in someone.reads().text
        second.says(f"/start {code}")
        assert "only for people" in second.reads().text
        other = Invitations(database).make()[1]
        someone.says(f"/start {other}")
        assert "already have access" in someone.reads().text
        second.says(f"/start {other}")
        assert "Before you begin" in second.reads().text, "the link was not used up"


def test_a_revoked_invitation_ends_the_access(
    running: Running, api: BotApi, database: Database
) -> None:
    made, code = Invitations(database).make()
    someone = api.person(63)
    with running():
        someone.says(f"/start {code}")
        someone.reads_until("Hello")
        Invitations(database).revoke(made.id)
        someone.says("who do I ring in Luton?")
        assert "only for people" in someone.reads().text


def test_after_ninety_days_it_asks_whether_the_work_still_is_theirs(
    running: Running, invited: Invited, database: Database
) -> None:
    someone = invited(64)
    long_ago = (dt.datetime.now(dt.UTC) - dt.timedelta(days=91)).timestamp()
    with database.writing() as session:
        session.execute(update(TelegramAccount).values(confirmed_at=long_ago))
    with running():
        someone.says("who do I ring in Luton?")
        asked = someone.reads()
        assert "Do you still work with children" in asked.text
        assert "999" in asked.text
        assert "01582" not in asked.text
        someone.presses(asked, "Yes")
        assert "Thank you" in someone.reads().text
        someone.says("who do I ring in Luton?")
        assert "01582" in someone.reads().text


def test_who_blocks_the_bot_is_suspended_until_they_confirm(
    running: Running, invited: Invited, api: BotApi, database: Database
) -> None:
    someone = invited(65)
    person = Identity(SECRET).person(65)
    with running():
        someone.says("hello")
        old = someone.reads()
        someone.blocks()
        api.wait_for(lambda: _suspended(database, person))
        someone.comes_back()
        someone.presses(old, "What can you do?")
        asked = someone.reads()
        assert "Do you still work with children" in asked.text
        someone.presses(asked, "No, end my access")
        assert "Your access is ended" in someone.reads().text
    assert Accounts(database).find(person) is None


def _suspended(database: Database, person: str) -> bool:
    account = Accounts(database).find(person)
    return account is not None and account.needs_confirmation


def test_a_board_may_let_everybody_in(running: Running, api: BotApi) -> None:
    someone = api.person(66)
    with running(access="open"):
        someone.says("who do I ring in Luton?")
        assert "Before you begin" in someone.reads().text, "the notice comes first, once"
        assert "01582" in someone.reads().text
        someone.says("who do I ring in Hartlepool?")
        assert "01429" in someone.reads().text


def test_who_asks_far_too_fast_is_asked_to_wait(running: Running, invited: Invited) -> None:
    someone = invited(67)
    with running(most_in_chat=500):
        for _ in range(75):
            someone.says("/stop")
        assert "999" in someone.reads_until("very many messages").text


# Documents


def test_the_route_can_be_had_as_a_file_that_may_be_saved(
    running: Running, invited: Invited
) -> None:
    someone = invited(68)
    with running():
        someone.says("high risk in Derby, a girl of 12, learning disability, what route")
        route = someone.reads_until("I have not made a referral")
        titles = [one for one in route.titles if "PDF" in one]
        assert titles, route.titles
        press = someone.presses(route, titles[0])
        file = someone.reads()
        someone.sees(press)
    assert file.kind == "document"
    assert file.file.startswith(b"%PDF")
    assert file.details["name"].endswith(".pdf")
    assert not file.protected
    assert route.protected

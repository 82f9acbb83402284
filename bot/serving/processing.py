"""Rasa's message processor with turns that cost as much late in a conversation as early in it."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.serving.standing import STANDING, standing_of

#: Where a session's first event names the messages that the last one answered at its end.
ANSWERED = "answered"
#: So many messages may come again after a new session has begun.
COME_AGAIN = 10
#: Events of a session after which a new one is begun; a turn has about seven.
LONGEST_SESSION = 60


class Processor(MessageProcessor):
    """Rasa's processor, with sessions of a bounded length.

    Rasa copies and replays the events of a session several times a turn, so that the two hundredth
    turn takes many times as long as the tenth. Here a session that has grown long ends between two
    turns, and the next one begins with all that counts: the slots, the form that is under way, and
    what an alarm left standing.
    """

    @classmethod
    def in_place_of(cls, processor: MessageProcessor) -> Processor:
        """A processor that goes on with what Rasa's own has loaded."""
        made = cls.__new__(cls)
        made.__dict__.update(processor.__dict__)
        return made

    async def _update_tracker_session(
        self,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Begin a session where there is none, and a new one where the last is over or long."""
        long = len(tracker.events) > LONGEST_SESSION
        # after an hour somebody may begin anew, but for a child: who they are is not forgotten
        over = self._has_session_expired(tracker)
        hands_on = standing_of(tracker).child if over else long
        if hands_on and self._may_end(tracker):
            tracker.update_with_events(_session_after(tracker), self.domain)
        else:
            await super()._update_tracker_session(tracker, output_channel, metadata)

    async def save_tracker(self, tracker: DialogueStateTracker) -> None:
        """Save, without what only the actions of this turn needed."""
        if tracker.latest_message is not None:
            tracker.latest_message.parse_data.pop("questions", None)
        await super().save_tracker(tracker)

    def _may_end(self, tracker: DialogueStateTracker) -> bool:
        """Whether nothing but slots and a form's name would be missed.

        Rasa's own loops (asking what was meant) read what was said before.
        """
        loop = tracker.active_loop
        waiting = tracker.latest_action_name == ACTION_LISTEN_NAME and not tracker.followup_action
        return waiting and (loop is None or (loop.name in self.domain.form_names))


def _session_after(tracker: DialogueStateTracker) -> list[Event]:
    """The first events of the session that goes on where a tracker stands."""
    kept = [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if slot.value != slot.initial_value
    ]
    loop = [] if tracker.active_loop is None else [ActiveLoop(tracker.active_loop.name)]
    return [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(metadata={ANSWERED: _answered(tracker), **_standing(tracker)}),
        *kept,
        *loop,
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


def _standing(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What an alarm leaves standing, as a session's first event hands it on."""
    standing = standing_of(tracker)
    return {STANDING: standing.as_json()} if standing.kind else {}


def _answered(tracker: DialogueStateTracker) -> list[str]:
    """The ids of the last messages, oldest first."""
    found = answered_before(tracker)
    found += [one.message_id for one in tracker.events if isinstance(one, UserUttered)]
    return found[-COME_AGAIN:]


def answered_before(tracker: DialogueStateTracker | None) -> list[str]:
    """The ids of messages that were answered just before the session of a tracker began."""
    for event in tracker.events if tracker else ():
        if isinstance(event, SessionStarted):
            return list((event.metadata or {}).get(ANSWERED) or ())
    return []

"""Runs custom actions in the server's own process instead of over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as RejectedByAction

from bot.serving.interned_messages import InternedMessages

#: Seconds that an action may take before the turn fails closed.
TIMEOUT = 8.0
#: Actions that may hang at once; more fail at once, so that they do not eat up the process.
MOST_HANGING = 32


@lru_cache(maxsize=1)
def _answers() -> Any:
    """What checks an action's answer."""
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)


def _check_answer(action: RemoteAction, answer: dict[str, Any]) -> bool:
    """Rasa's own check, for what our actions do not usually answer.

    Theirs are slots and replies; looking at those by hand takes a hundredth of the time.
    """
    if not _is_usual(answer):
        _answers().validate(answer)
    return True


def _is_usual(answer: object) -> bool:
    """Whether an answer is a list of replies and of slots that are set, and so fits the schema."""
    if not isinstance(answer, dict):
        return False
    events, responses = answer.get("events"), answer.get("responses")
    return (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(isinstance(one, dict) for one in responses)
        and all(
            isinstance(one, dict)
            and one.get("event") == "slot"
            and isinstance(one.get("name"), str)
            and "value" in one
            and isinstance(one.get("timestamp"), float | None)
            for one in events
        )
    )


# once, for every action of the process: it changes how Rasa checks, not what it checks
RemoteAction._validate_action_result = _check_answer


def _finished(run: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives that never waits, as ours do not: an event loop for each action would
    take longer than most actions.
    """
    try:
        run.send(None)
    except StopIteration as done:
        return done.value
    run.close()
    raise RuntimeError("An action waited for something; actions answer at once.")


class InProcessActions(EndpointConfig):
    """An action endpoint that calls the `actions` package directly.

    Rasa posts to an `EndpointConfig`; this one answers itself, so there is no second server, no
    socket and no copy of the conversation on the wire. Each call has a thread of its own: an action
    that hangs then holds up its own turn for `timeout` seconds, and nobody else's.
    """

    def __init__(self, timeout: float = TIMEOUT) -> None:
        # the actions have no use for the domain, which Rasa would write out for every call
        super().__init__(url="in-process", selective_domain=True)
        self._timeout = timeout
        self._hanging = 0
        self._said = InternedMessages()
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run the action that the body names.

        Raises TimeoutError when it takes longer than the timeout, or when too many hang already.
        """
        if self._hanging >= MOST_HANGING:
            raise TimeoutError
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        # a daemon: one that never ends must not keep the process from ending
        threading.Thread(
            target=self._run, args=(kwargs["json"], answer), name="action", daemon=True
        ).start()
        try:
            # what comes after the timeout is dropped: the future is cancelled by then
            result = await asyncio.wait_for(answer, self._timeout)
            said = result.get("responses") if isinstance(result, dict) else None
            if isinstance(said, list):
                result["responses"] = [self._said.same(one) for one in said]
            return result
        except RejectedByAction as rejection:
            raise ActionExecutionRejection(rejection.action_name, str(rejection)) from rejection
        finally:
            if answer.cancelled():
                self._hanging += 1

    def _run(self, body: Any, answer: asyncio.Future[Any]) -> None:
        """Run an action to its end, in its own thread."""
        result: Any = None
        failure: BaseException | None = None
        try:
            result = _finished(self._executor.run(body))
        except BaseException as error:
            failure = error

        def hand_over() -> None:
            if answer.done():
                self._hanging -= 1  # it had been given up
            elif failure is None:
                answer.set_result(result)
            elif isinstance(failure, Exception) and not isinstance(failure, StopIteration):
                answer.set_exception(failure)
            else:
                # what would end the process, or a loop, is a failed action here
                answer.set_exception(RuntimeError(type(failure).__name__))

        with contextlib.suppress(RuntimeError):  # the server has stopped in the meantime
            answer.get_loop().call_soon_threadsafe(hand_over)

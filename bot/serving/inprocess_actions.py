"""Runs custom actions in the server's own process instead of over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.core.actions.action import ActionExecutionRejection
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as RejectedByAction

#: Seconds that an action may take before the turn fails closed.
TIMEOUT = 8.0


class InProcessActions(EndpointConfig):
    """An action endpoint that calls the `actions` package directly.

    Rasa posts to an `EndpointConfig`; this one answers itself, so there is no second server, no
    socket and no copy of the conversation on the wire.
    """

    def __init__(self) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run the action that the body names. Raises TimeoutError after TIMEOUT seconds."""
        body = kwargs["json"]
        try:
            return await asyncio.wait_for(self._executor.run(body), TIMEOUT)
        except RejectedByAction as rejection:
            raise ActionExecutionRejection(rejection.action_name, str(rejection)) from rejection

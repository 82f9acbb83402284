"""`waymark serve` that says everything it can: DEBUG for every logger, tracebacks with all locals.

Run as `python -m tests.security.loud_server FOLDER PORT`; it logs to FOLDER/log.txt. While a file
`components fail` or `actions fail` is in FOLDER they raise, with what they were given in the text
of the exception; while `actions hang` is there, they never end.
"""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from typing import Any


def speak_up(log: Path) -> None:
    """Log everything to a file, as a developer who looks for a fault would."""
    import structlog

    import bot.cli

    bot.cli._quiet()
    bot.cli._quiet = lambda: None  # type: ignore[assignment]
    handler = logging.FileHandler(log)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(
                exception_formatter=structlog.dev.RichTracebackFormatter(show_locals=True)
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(log.with_name("structlog.txt").open("a", 1)),
        cache_logger_on_first_use=False,
    )


def fail_when_told(folder: Path) -> None:
    """Components and actions raise, or hang, while the test says so."""
    from rasa_sdk.executor import ActionExecutor

    from bot.nlu.components import TopicClassifier

    understand, run = TopicClassifier.process, ActionExecutor.run

    def process(self: TopicClassifier, messages: list[Any]) -> list[Any]:
        if (folder / "components fail").exists():
            raise ValueError(f"cannot read {[one.as_dict() for one in messages]}")
        return understand(self, messages)

    async def act(self: ActionExecutor, call: Any) -> Any:
        if (folder / "actions hang").exists():
            threading.Event().wait()
        if (folder / "actions fail").exists():
            raise RuntimeError(f"cannot act on {call}")
        return await run(self, call)

    TopicClassifier.process = process  # type: ignore[method-assign]
    ActionExecutor.run = act


def main(folder: Path, port: str) -> None:
    """Serve on a port until told to stop."""
    speak_up(folder / "log.txt")
    fail_when_told(folder)
    import bot.cli

    bot.cli.main(["serve", "--port", port])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

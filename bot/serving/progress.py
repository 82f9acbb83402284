"""Shows that something takes long, and which step of it is under way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console


@contextlib.contextmanager
def progress(console: Console, doing: str) -> Iterator[Callable[[str], None]]:
    """Say what is being done: a moving line on a terminal, plain ones elsewhere.

    Gives what is told each further step.
    """

    def line(step: str) -> None:
        console.print(step, soft_wrap=True)

    if console.is_terminal:
        with console.status(doing) as status:
            yield status.update
    else:
        line(doing)
        yield line

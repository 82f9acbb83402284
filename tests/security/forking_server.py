"""`waymark serve` whose process can be killed many times: it starts anew in an instant.

Run as `python -m tests.security.forking_server PORT SIGN`. The model is loaded once; each serving
process is a fork that opens the database for itself, and nothing is handed on from one to the
next. Prints the serving process's id on a line of its own before each start. While the file SIGN
is there, the process kills itself once it has saved a turn and before it has answered.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any


def main(port: int, sign: Path) -> None:
    """Serve; when the serving process is killed, serve again."""
    from bot.cli import _quiet

    _quiet()
    from bot.serving import server
    from bot.serving.engine import Engine
    from bot.serving.models import current_model, project_folder
    from bot.store.trackers import SqlTrackers

    model = current_model(project_folder())
    assert model is not None
    loaded = Engine.load(model)
    guidance = server.load_guidance()
    server.load_guidance = lambda: guidance

    def load(_model: Any, trackers: SqlTrackers, *_: Any) -> Engine:
        loaded.use_trackers(trackers)
        return loaded

    server._load = load
    save = SqlTrackers.save

    def die_if_told() -> None:
        if sign.exists():
            sign.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    async def save_and_die(self: SqlTrackers, tracker: Any) -> None:
        await save(self, tracker)
        die_if_told()

    SqlTrackers.save = save_and_die  # type: ignore[method-assign]
    while True:
        child = os.fork()
        if child == 0:
            print(os.getpid(), flush=True)
            try:
                server.serve(port=port, model=model)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit(f"the serving process ended by itself: {status}")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))

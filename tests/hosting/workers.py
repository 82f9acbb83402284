"""Workers that start in an instant: each is a fork that runs `waymark serve` on a loaded model.

Run as `python -m tests.hosting.workers`. It loads the model once, says `loaded`, and then reads
lines: a port, and settings as NAME=value. For each it forks a worker on that port and says its
process id. Nothing but the model is handed on from the parent: each opens the database and Redis
for itself.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Fork a worker for each line of the standard input."""
    from actions import screening
    from bot.cli import _quiet

    _quiet()
    from bot.serving import server
    from bot.serving.engine import Engine
    from bot.serving.models import current_model, project_folder
    from bot.store.trackers import SqlTrackers

    given = os.environ.get("WAYMARK_TEST_MODEL")
    model = project_folder() / given if given else current_model(project_folder())
    assert model is not None
    loaded = Engine.load(model)
    guidance = server.load_guidance()
    server.load_guidance = lambda: guidance

    def load(_model: Any, trackers: SqlTrackers, *_: Any) -> Engine:
        loaded.use_trackers(trackers)
        return loaded

    def ask_by(path: str) -> None:
        """Be a worker of a version with another questionnaire."""
        questionnaire = screening.load_questionnaire(Path(path))
        screening.load_questionnaire = lambda: questionnaire
        screening.dialogue.cache_clear()
        loaded._screenings = screening.dialogue()

    server._load = load
    print("loaded", flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        port, *settings = line.split()
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            code = 1
            try:
                os.environ.update(one.split("=", 1) for one in settings)
                if other := os.environ.get("WAYMARK_TEST_QUESTIONNAIRE"):
                    ask_by(other)
                server.serve(port=int(port), model=model)
                code = 0
            finally:
                os._exit(code)
        print(child, flush=True)


if __name__ == "__main__":
    main()

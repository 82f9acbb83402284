"""The floor: an empty handler in the web server that both sides are built on.

Run as `python -m bench.floor PORT`. It reads the request's JSON and answers with a constant.
"""

from __future__ import annotations

import sys

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json


def main(port: int) -> None:
    """Serve until told to stop."""
    app = Sanic("floor", configure_logging=False)

    @app.post("/say")
    async def say(request: Request) -> HTTPResponse:
        return json({"replies": [{"text": request.json.get("text") or "nothing"}]})

    app.run("127.0.0.1", port, access_log=False, motd=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""The line between the browser and the guide: it can be cut, held or watched, byte by byte."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

MESSAGE = b"POST /w/message"


class Line:
    """A TCP proxy to the guide.

    `cuts` says where each coming message is cut off, one after another: "before" the guide has it,
    "after" the guide has it and before an answer, or after that many bytes of the answer; None lets
    one through. `down` refuses everything; `held` lets nothing of an answer through while it is set.
    """

    def __init__(self, bot: str, listener: socket.socket) -> None:
        parts = urlsplit(bot)
        self._target = (str(parts.hostname), int(parts.port or 80))
        self._listener = listener
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.cuts: list[str | int | None] = []
        self.cut_off = 0
        self.down = False
        self.held = threading.Event()
        #: when the last piece of an answer went through, in seconds since 1970
        self.passed = 0.0

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connection, args=(client,), daemon=True).start()

    def _connection(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            if self.down:
                return
            with socket.create_connection(self._target) as bot:
                self._pass(client, bot)

    def _pass(self, client: socket.socket, bot: socket.socket) -> None:
        """Carry bytes both ways, one request after another, until something is cut."""
        cut: list[str | int | None] = [None]

        def back() -> None:
            with contextlib.suppress(OSError):
                while piece := bot.recv(65536):
                    while self.held.is_set():
                        time.sleep(0.02)
                    if isinstance(cut[0], int):
                        client.sendall(piece[: cut[0]])
                        cut[0] -= len(piece)
                        if cut[0] > 0:
                            continue
                        self.cut_off += 1
                        break
                    client.sendall(piece)
                    self.passed = time.time()
            for one in (client, bot):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

        threading.Thread(target=back, daemon=True).start()
        while piece := client.recv(65536):
            if self.down:
                return
            if piece.startswith(MESSAGE):
                cut[0] = self.cuts.pop(0) if self.cuts else None
                if cut[0] == "before":
                    self.cut_off += 1
                    return
                if cut[0] == "after":
                    bot.sendall(piece)
                    time.sleep(0.1)
                    self.cut_off += 1
                    return
            bot.sendall(piece)


@contextmanager
def running_line(bot: str) -> Iterator[Line]:
    """A line to the guide at an address."""
    listener = socket.create_server(("127.0.0.1", 0))
    line = Line(bot, listener)
    thread = threading.Thread(target=line.serve, daemon=True)
    thread.start()
    try:
        yield line
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()

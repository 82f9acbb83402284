"""The address that is served on: had before anything is loaded, and said how to open it."""

from __future__ import annotations

import errno
import ipaddress
import json
import socket
import urllib.request


class ServeError(Exception):
    """The server cannot start; the text says what to do."""


def claim(host: str, port: int) -> socket.socket:
    """Bind the address before anything is loaded. Raises ServeError when it cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise ServeError(
            f"“{host}” is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all."
        ) from error
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError as error:
        sock.close()
        raise not_to_be_had(host, port, error) from error
    sock.setblocking(False)
    return sock


def not_to_be_had(host: str, port: int, error: OSError) -> ServeError:
    """Why an address cannot be had, and what to do."""
    other = f"waymark serve --port {port + 1 if port < 65_535 else port - 1}"
    if error.errno == errno.EADDRINUSE:
        if is_waymark(url_of(host, port)):
            return ServeError(
                f"Waymark is already running: {url_of(host, port)} "
                f"For a second one, choose another port: {other}"
            )
        return ServeError(
            f"Port {port} is used by another program. Stop that program, or choose another port: "
            f"{other}"
        )
    if error.errno == errno.EACCES:
        return ServeError(
            f"This machine does not let you use port {port}. Choose one above 1023, for example: "
            "waymark serve --port 5005"
        )
    return ServeError(
        f"“{host}” is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all."
    )


def url_of(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def is_waymark(url: str) -> bool:
    """Whether a Waymark answers at an address."""
    try:
        # this machine itself: no proxy of the environment
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{url}health", timeout=2) as answer:
            return bool(json.load(answer).get("service") == "waymark")
    except (OSError, ValueError, AttributeError):
        return False


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

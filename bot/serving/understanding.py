"""Reads what was typed in one thread of its own, so that nobody else waits for it.

A long text takes the embedding half a second: on the server's loop everybody would be held up
for as long. One thread, because what reads keeps caches that are not made for several.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

#: Its thread begins with the first text.
_READER = ThreadPoolExecutor(1, "understanding")


async def beside_loop[*Given, Found](read: Callable[[*Given], Found], *given: *Given) -> Found:
    """What `read` makes of `given`, worked out beside the loop, one text after another.

    Raises what `read` raises.
    """
    return await asyncio.get_running_loop().run_in_executor(_READER, read, *given)

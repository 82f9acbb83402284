"""How much the longest tests do: enough in every run, and all of it when asked."""

from __future__ import annotations

import os


def size(whole: int, quick: int) -> int:
    """`whole` where WAYMARK_TEST_WHOLE is set (`make test-whole`), else `quick`."""
    return whole if os.environ.get("WAYMARK_TEST_WHOLE") else quick

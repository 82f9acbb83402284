"""The deploy files, and the tools that check them where they are installed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

#: Where the deploy files are.
DEPLOY = Path(__file__).parents[2] / "deploy"


def tool(name: str, package: str) -> str:
    """The path of a program; without it the test is left out, and says so.

    WAYMARK_REQUIRE_TOOLS=1 makes a missing program a failure.
    """
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        reason = f"{name} is not installed (Debian: apt install {package}): left out"
        if os.environ.get("WAYMARK_REQUIRE_TOOLS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found

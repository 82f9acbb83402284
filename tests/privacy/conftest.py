"""One scrubber for all tests here: it reads its lists once and keeps nothing."""

from __future__ import annotations

import pytest

from bot.guidance import Guidance, load_guidance
from bot.privacy import Scrubber


@pytest.fixture(scope="session")
def guidance() -> Guidance:
    return load_guidance()


@pytest.fixture(scope="session")
def scrubber(guidance: Guidance) -> Scrubber:
    return Scrubber(guidance)

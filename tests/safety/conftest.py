"""What the safety tests share: the real watch, guidance and phrases."""

from __future__ import annotations

import pytest

from bot.guidance.load import Guidance, guidance_folder, load_guidance
from bot.safety import Watch
from bot.safety.words import Safety, read_safety


@pytest.fixture(scope="session")
def watch() -> Watch:
    return Watch()


@pytest.fixture(scope="session")
def guidance() -> Guidance:
    return load_guidance()


@pytest.fixture(scope="session")
def safety() -> Safety:
    return read_safety(guidance_folder())[1]

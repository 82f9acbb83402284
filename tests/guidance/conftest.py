"""The small guidance, and the real one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.guidance.answering import Answering
from bot.guidance.load import Guidance, load_guidance

from .small import write_small

PROJECT = Path(__file__).parents[2]
#: The day that ages are reckoned from.
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small guidance folder to change."""
    return write_small(tmp_path / "guidance")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Guidance:
    """The small guidance, loaded."""
    return load_guidance(write_small(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="session")
def answering(small: Guidance) -> Answering:
    """Answers from the small guidance."""
    return Answering(small, TODAY)


@pytest.fixture(scope="session")
def real() -> Guidance:
    """The product's guidance."""
    return load_guidance(PROJECT / "data" / "guidance")

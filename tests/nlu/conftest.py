"""The real finder of entities, and the real embedding: it loads in about a second."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.guidance.load import Guidance, load_guidance
from bot.nlu.embedding import SentenceEmbedding
from bot.nlu.entities import EntityFinder

GUIDANCE = Path(__file__).parents[2] / "data" / "guidance"


@pytest.fixture(scope="session")
def guidance() -> Guidance:
    return load_guidance(GUIDANCE)


@pytest.fixture(scope="session")
def finder(guidance: Guidance) -> EntityFinder:
    return EntityFinder(guidance, GUIDANCE)


@pytest.fixture(scope="session")
def embedding() -> SentenceEmbedding:
    return SentenceEmbedding()

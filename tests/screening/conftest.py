"""The real questionnaire."""

from __future__ import annotations

import pytest

from bot.screening import Questionnaire, load_questionnaire


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    return load_questionnaire()

"""What people are told of the words that they type: what is true for the operator's setting."""

from __future__ import annotations

import os
from collections.abc import Mapping

from bot.store.database import Retention
from bot.store.unanswered import is_wanted

_EXCEPTION = (
    "a question that I cannot answer: it is kept for {days} days, without names and other "
    "identifying details as far as they can be found"
)


def exception(environment: Mapping[str, str] = os.environ) -> str | None:
    """What is kept of typed words all the same, as the end of a sentence; None for nothing.

    Raises StoreError when the setting is neither yes nor no.
    """
    if not is_wanted(environment):
        return None
    return _EXCEPTION.format(days=Retention().unanswered.days)


def truly_kept(sentence: str, environment: Mapping[str, str] = os.environ) -> str:
    """A sentence that says that nothing typed is kept, with the exception where there is one."""
    found = exception(environment)
    return sentence if found is None else f"{sentence.removesuffix('.')}, but for {found}."

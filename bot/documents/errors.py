"""What can go wrong with a take-away, said so that the reader knows what to do."""

from __future__ import annotations


class TakeAwayError(Exception):
    """A take-away that cannot be made. `explanation` can be shown to the person."""

    def __init__(self, explanation: str) -> None:
        super().__init__(explanation)
        self.explanation = explanation

"""What was found: a kind and a place in the text, never the text itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A kind of identifying detail; its value is what stands in brackets in its place."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    HANDLE = "handle"
    POSTCODE = "postcode"
    ADDRESS = "address"
    PLACE = "place"
    SCHOOL = "school"
    NHS = "NHS number"
    NATIONAL_INSURANCE = "National Insurance number"
    UPN = "UPN"
    BIRTH = "date of birth"
    PLATE = "number plate"
    NUMBER = "number"


@dataclass(frozen=True)
class Detail:
    """A detail at `text[start:end]` (character offsets). It does not hold the text."""

    kind: Kind
    start: int
    end: int

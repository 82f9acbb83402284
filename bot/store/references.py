"""References: how a person comes back to a screening, read aloud or copied from paper.

A reference is 80 random bits as 16 symbols of Crockford's base 32 (no I, L, O, U) and a check
symbol: `7ZK2-0Q9D-M4TX-V8HA-G`. The check is a sum over the field of 32 elements with a different
factor for each place, so that every single wrong symbol and every swap of two is found.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

#: Crockford's symbols in the order of their values.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Symbols that carry random bits; each carries five.
SYMBOLS = 16
#: What stands in a stored event where a reference was.
MASK = "(reference not kept)"

_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
#: Longest text that is looked at, in characters.
_LONGEST = 100
#: x^5 + x^2 + 1, of which 2 is a primitive element.
_FIELD = 0b100101
_SHAPE = re.compile(
    r"(?<![0-9A-Za-z-])(?:(?:[0-9A-TV-Z]{4}-){4}[0-9A-TV-Z]|[0-9A-TV-Z]{17})(?![0-9A-Za-z-])",
    re.IGNORECASE | re.ASCII,
)


class DamagedReferenceError(ValueError):
    """Text that is not a reference as it was given; the sentence is for the person who typed it."""


def new_reference() -> str:
    """A new reference in the form that people are shown."""
    return _shown("".join(secrets.choice(ALPHABET) for _ in range(SYMBOLS)))


def normalise_reference(text: str) -> str:
    """The reference that was typed or read aloud, in the form that people are shown.

    Lower case, spaces and dashes do not matter; O is read as 0, I and L as 1. Raises
    DamagedReferenceError, with a sentence for the person, when something is missing or mistyped.
    """
    plain = unicodedata.normalize("NFKC", text[: _LONGEST + 1]).upper()
    plain = "".join(
        one for one in plain if not one.isspace() and unicodedata.category(one) not in _BETWEEN
    )
    plain = plain.translate(_READ_AS)
    if any(one not in _VALUE for one in plain):
        raise DamagedReferenceError(
            "That has a character that no reference has: a reference is made of digits and of "
            "letters other than I, L, O and U. Please look at it again."
        )
    if len(plain) != SYMBOLS + 1:
        raise DamagedReferenceError(
            f"A reference has {SYMBOLS + 1} letters and digits, like XXXX-XXXX-XXXX-XXXX-X. "
            f"That has {'more' if len(plain) > SYMBOLS else 'fewer'}. Please look at it again."
        )
    if plain != _with_check(plain[:SYMBOLS]):
        raise DamagedReferenceError(
            "That reference has a slip in it: at least one letter or digit is not as I gave it, or "
            "two have changed places. Please look at it again."
        )
    return _shown(plain[:SYMBOLS])


def key_of(reference: str) -> str:
    """The key under which a screening is stored: a SHA-256, in hexadecimal, of its reference.

    With 80 random bits behind it, the reference cannot be found from the key by trying. Raises
    DamagedReferenceError.
    """
    return hashlib.sha256(
        b"waymark screening " + normalise_reference(reference).encode()
    ).hexdigest()


def mask_references(text: str) -> str:
    """The text with every reference, written with dashes or in one piece, replaced by MASK."""
    return _SHAPE.sub(lambda found: MASK if _is_reference(found.group()) else found.group(), text)


#: Unicode categories of what may stand between symbols: dashes, dots, connectors, invisible ones.
_BETWEEN = frozenset({"Pd", "Po", "Pc", "Cf", "Cc"})


def _is_reference(text: str) -> bool:
    try:
        normalise_reference(text)
    except DamagedReferenceError:
        return False
    return True


def _shown(symbols: str) -> str:
    checked = _with_check(symbols)
    return "-".join(checked[start : start + 4] for start in range(0, len(checked), 4))


def _with_check(symbols: str) -> str:
    total = 0
    factor = 1
    for symbol in symbols:
        factor = _times(factor, 2)
        total ^= _times(factor, _VALUE[symbol])
    return symbols + ALPHABET[total]


def _times(one: int, other: int) -> int:
    """The product of two elements of the field of 32."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one & 0b100000:
            one ^= _FIELD
        other >>= 1
    return product

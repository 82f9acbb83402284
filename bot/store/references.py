"""References: how a person comes back to a screening, read aloud or copied from paper.

A reference is 80 random bits as 16 symbols of Crockford's base 32 (no I, L, O, U) and a check
symbol: `7ZK2-0Q9D-M4TX-V8HA-G`. The check is a sum over the field of 32 elements with a different
factor for each place, so that every single wrong symbol and every swap of two is found.
"""

from __future__ import annotations

import contextlib
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


_GAP = r"[\s.·–—-]{1,3}"
#: A reference as it is shown or read aloud, and what was surely meant as one.
_WHOLE = re.compile(rf"(?<!\w)(?:(?:\w{{4}}{_GAP}){{4}}\w|\w{{17}})(?!\w)", re.ASCII)
_MEANT = re.compile(rf"(?<!\w)(?:(?:\w{{4}}{_GAP}){{2,4}}\w{{1,5}}|\w{{14,20}})(?!\w)", re.ASCII)
#: The same with a symbol too few or too many in a group.
_LOOSELY = re.compile(
    rf"(?<!\w)(?:(?:\w{{3,5}}{_GAP}){{3,4}}\w{{1,5}}|\w{{16,18}})(?!\w)", re.ASCII
)
#: A word for it, and what has its digits after it: “my reference is 7ZK20Q9D”.
_WORD = re.compile(r"\b(?:resume|reference|ref)\b", re.IGNORECASE)
_NAMED = re.compile(
    rf"{_WORD.pattern}(?:\s+(?:is|no|number|code))?[\s:.]*"
    r"(?=\S*\d)([0-9A-Za-z][0-9A-Za-z -]{5,40})",
    re.IGNORECASE,
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


def nearly_references(text: str) -> tuple[str, ...]:
    """The references that a typed message may mean, with one slip in it; empty without.

    One symbol is another, missing or too many, or two beside each other have changed places. The
    check leaves some twenty; which of them was given, only who keeps their keys can tell.
    """
    plain = unicodedata.normalize("NFKC", text)[:1_000]
    named = _NAMED.search(plain)
    meant = [one.group() for one in _LOOSELY.finditer(plain) if _mixed(one.group())]
    typed = [*meant, *([named.group(1)] if named else [])]
    read = [re.sub(r"[^0-9A-Z]", "", one.upper()).translate(_READ_AS) for one in typed]
    symbols = next((one for one in read if abs(len(one) - SYMBOLS - 1) <= 1), "")
    whole = SYMBOLS + 1
    near: set[str] = set()
    for at in range(len(symbols) + 1):
        before, after = symbols[:at], symbols[at:]
        if len(symbols) == whole and after:
            near |= {before + one + after[1:] for one in ALPHABET}
            near |= {before + after[1::-1] + after[2:]} if len(after) > 1 else set()
        elif len(symbols) == whole - 1:
            near |= {before + one + after for one in ALPHABET}
        elif len(symbols) == whole + 1 and after:
            near.add(before + after[1:])
    return tuple(_shown(one[:SYMBOLS]) for one in sorted(near) if _is_reference(one))


def find_reference(text: str) -> str | None:
    """The reference that a typed message holds, in the form that people are shown; None without.

    It may stand in a sentence (“resume 7zk2 0q9d …”). Raises DamagedReferenceError for what was
    surely meant as one and has a slip in it: groups with digits and letters, or a word for it.
    """
    plain = unicodedata.normalize("NFKC", text)[:1_000]
    for found in _WHOLE.finditer(plain):
        # four short words and a letter have the same shape
        if _mixed(found.group()) or found.group().isupper() or _WORD.search(plain):
            with contextlib.suppress(DamagedReferenceError):
                return normalise_reference(found.group())
    named = _NAMED.search(plain)
    meant = next((one for one in _MEANT.finditer(plain) if _mixed(one.group())), None)
    if named is not None or meant is not None:
        return normalise_reference(named.group(1) if named else meant.group() if meant else "")
    return None


def without_references(text: str) -> str:
    """The rest of a message: nothing is to be read into the letters of a reference."""
    for shape in (_WHOLE, _MEANT):
        text = shape.sub(lambda found: " " if _mixed(found.group()) else found.group(), text)
    return " ".join(text.split())


def _mixed(text: str) -> bool:
    """Whether a text has digits and letters enough to be no words and no number."""
    if text.isalnum():
        return sum(one.isdigit() for one in text) >= 2 and not text.isdigit()
    groups = re.findall(r"[0-9A-Za-z]+", text)
    with_digits = [one for one in groups if any(letter.isdigit() for letter in one)]
    return len(with_digits) >= 2 and any(one.isalpha() for one in text)


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

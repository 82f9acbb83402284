"""What can go wrong with the database, in words that say what to do."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class StoreError(Exception):
    """The database did not do what was asked: nothing was saved, and nothing read may be used.

    The text says what to do. It never holds what was to be stored.
    """


class ConflictError(StoreError):
    """What was to be changed had been changed, finished or forgotten meanwhile."""


_UNPREPARED = "has not been prepared. “waymark serve” does that when it starts"
#: Starts of SQLite's error names and of PostgreSQL's SQLSTATE for a lock of somebody else.
_LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "57014", "40001", "40P01")
#: What to do, by the start of SQLite's error name or of PostgreSQL's SQLSTATE.
_ADVICE = (
    (
        _LOCKED,
        "is locked by another program. Try again; if it stays so, look for a backup or a shell "
        "that has it open",
    ),
    (
        ("SQLITE_FULL", "53100"),
        "has no room left. Free space on its disk, or raise its quota, and try again",
    ),
    (
        ("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH", "42501", "25006"),
        "may not be written. Give the user that runs Waymark the right to write to it "
        "(for SQLite: to the file and to its folder)",
    ),
    (
        ("SQLITE_CANTOPEN", "SQLITE_IOERR"),
        "cannot be opened or read. Check that its folder exists, belongs to the user that runs "
        "Waymark, and is on a disk that works",
    ),
    (
        ("SQLITE_CORRUPT", "SQLITE_NOTADB"),
        "is damaged. Stop Waymark, move the file away and put the last backup in its place, or "
        "start without it",
    ),
    (("42P01", "42703", "3F000"), _UNPREPARED),
    (
        ("28", "3D000"),
        "refused the login, or does not exist. Check user, password and database name in "
        "WAYMARK_DATABASE_URL",
    ),
    (
        ("53300", "08", "57P"),
        "takes no connection now. Check that the server runs, that WAYMARK_DATABASE_URL names it, "
        "and how many connections it allows",
    ),
)
_UNREACHABLE = (
    "cannot be reached. Check that the server runs and that WAYMARK_DATABASE_URL names it"
)
_UNKNOWN = "did not do what it was asked. Try again; if it stays so, look at the server's own log"


def is_locked(error: Exception) -> bool:
    """Whether an error says that a lock of somebody else was waited for in vain."""
    return _code(error).startswith(_LOCKED)


def explained(error: Exception, where: str) -> StoreError:
    """An error of the database library as our own.

    `where` names the database without its password. Of the library's error only its class and code
    are kept: its text may quote the row.
    """
    if isinstance(error, IntegrityError):
        return ConflictError(
            "Another process changed the same conversation or screening first. Nothing was saved; "
            "read it again and repeat the step."
        )
    cause, code = _cause(error), _code(error)
    advice = next((what for codes, what in _ADVICE if code.startswith(codes)), None)
    if advice is None and cause is not None:
        # SQLite has no code of its own for a missing table
        if code == "SQLITE_ERROR" and "no such" in str(cause):
            advice = _UNPREPARED
        elif not code:
            advice = _UNREACHABLE
    if isinstance(error, PoolTimeoutError):
        advice = _UNREACHABLE
    kind = type(cause or error).__name__
    return StoreError(
        f"The database {where} {advice or _UNKNOWN}. Nothing was saved. "
        f"({kind}{f' {code}' if code else ''})"
    )


def _cause(error: Exception) -> BaseException | None:
    """The driver's own error, where there is one."""
    if isinstance(error, DBAPIError):
        return error.orig
    return None if isinstance(error, SQLAlchemyError) else error


def _code(error: Exception) -> str:
    """SQLite's name of an error, or PostgreSQL's SQLSTATE."""
    cause = _cause(error)
    return str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")

"""`waymark invite`: make, list and revoke invitations to the Telegram channel."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.store.invitations import Invitations

#: Days that an invitation is good for when nothing else is said, and at most. The store has the
#: same; it is not loaded for `waymark --help`.
DAYS, MOST_DAYS = 7, 90


@click.group()
def invite() -> None:
    """Invitations to the Telegram channel: single-use links."""


@invite.command()
@click.option("--bot", required=True, help="The bot's username, as BotFather gave it.")
@click.option("--note", default="", help="Whom it is for, such as a team. No person's name.")
@click.option(
    "--days", default=DAYS, show_default=True,
    type=click.IntRange(1, MOST_DAYS), help="How long it is good for.",
)  # fmt: skip
@click.option(
    "--count", default=1, show_default=True, type=click.IntRange(1, 500), help="How many to make."
)
def make(bot: str, note: str, days: int, count: int) -> None:
    """Make invitations and print their links. A link is shown this once and lets in one person."""
    name = bot.removeprefix("@")
    if not (5 <= len(name) <= 32 and name.replace("_", "").isalnum() and name.isascii()):
        raise click.ClickException("A bot's username has 5 to 32 letters, digits and _.")
    with _invitations() as invitations:
        for _ in range(count):
            made, code = invitations.make(note, dt.timedelta(days=days))
            click.echo(f"https://t.me/{name}?start={code}")
            click.echo(f"   invitation {made.id}, until {made.expires:%-d %B %Y}", err=True)


@invite.command(name="list")
def list_them() -> None:
    """List invitations: number, state, until when, note. Links and people are kept nowhere."""
    from rich.console import Console
    from rich.table import Table

    with _invitations() as invitations:
        table = Table("Number", "State", "Made", "Good until", "Note")
        for one in invitations.all():
            table.add_row(
                str(one.id), one.status, f"{one.created:%Y-%m-%d}", f"{one.expires:%Y-%m-%d}",
                one.label,
            )  # fmt: skip
        Console(width=100).print(table)


@invite.command()
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """Revoke an invitation, and end the access of whoever used it."""
    with _invitations() as invitations:
        before = invitations.revoke(number)
    match before:
        case None:
            raise click.ClickException(f"There is no invitation {number}: waymark invite list")
        case "used":
            click.echo(f"Invitation {number} is revoked, and its person's access is ended.")
        case "revoked":
            click.echo(f"Invitation {number} was revoked before.")
        case _:
            click.echo(f"Invitation {number} is revoked.")


@contextlib.contextmanager
def _invitations() -> Iterator[Invitations]:
    """The invitations in the database; our own errors become a sentence and exit code 1."""
    from bot.store.database import open_database
    from bot.store.errors import StoreError
    from bot.store.invitations import Invitations
    from bot.store.migrations import migrate

    try:
        database = open_database()
        try:
            migrate(database.engine)
            yield Invitations(database)
        finally:
            database.close()
    except StoreError as error:
        raise click.ClickException(str(error)) from error

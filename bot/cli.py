"""The command line: `waymark …`. Each command imports what it needs, so small ones are quick."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from bot.channels.telegram.invite_command import invite
from bot.nlu.command import nlu

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Waymark: guidance on child sexual exploitation for practitioners, always cited."""


def _quiet() -> None:
    """Keep third-party chatter off the terminal: warnings, log lines, and prints to stdout."""
    import warnings

    import structlog

    warnings.showwarning = lambda *args, **kwargs: None
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    logging.basicConfig(level=logging.ERROR)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _json_lines() -> Iterator[tuple[int, Any, str | None]]:
    """Every line of standard input as JSON, with its number and what is wrong with it."""
    for number, raw in enumerate(sys.stdin.buffer, 1):
        try:
            line = raw.decode()
            if line.strip():
                yield number, json.loads(line), None
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__
            yield number, None, f"line {number} is not JSON: {reason}"


def _ends(failed: bool) -> None:
    """End with 1 where a line could not be answered."""
    if failed:
        sys.exit(1)


@main.command()
@click.option("--force", is_flag=True, help="Train even when the model is current.")
def train(force: bool) -> None:
    """Train the model from data/, unless it is current."""
    _quiet()
    from rich.console import Console

    from bot.serving.content import refuse_broken
    from bot.serving.models import (
        archive_of,
        is_sound,
        learned_file,
        project_folder,
        train_model,
        train_watch,
    )
    from bot.serving.progress import progress

    root = project_folder()
    console = Console(stderr=True)

    def learn() -> str:
        refuse_broken(root / "data" / "guidance")
        archive = archive_of(root)
        whole = force or not is_sound(archive)
        if not whole and is_sound(learned_file(root)):
            return f"The model is current: models/{archive.name}"
        with progress(console, "Training: five minutes or so for the whole model …") as say:
            if whole:
                archive = train_model(root, say)
            else:
                train_watch(root, say)
        return f"Trained: models/{archive.name}"

    console.print(_run(learn), soft_wrap=True)


@main.command()
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of source documents (*.txt): find text copied from them at length.",
)
def check(against: Path | None) -> None:
    """Check all content: sources, contacts, answers, wording, example questions."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from bot.serving.content import check_all
    from bot.serving.models import project_folder

    findings = check_all(project_folder(), against)
    errors = sum(finding.severity == "error" for finding in findings)
    if findings:
        table = Table("", "Where", "What", title="waymark check")
        for finding in findings:
            colour = "red" if finding.severity == "error" else "yellow"
            table.add_row(
                f"[{colour}]{finding.severity}[/]", escape(finding.where), escape(finding.reason)
            )
        Console(width=None if sys.stdout.isatty() else 160).print(table)
    click.echo(f"{errors} errors, {len(findings) - errors} warnings")
    if errors:
        sys.exit(1)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option(
    "--port", default=5005, show_default=True, type=click.IntRange(0, 65_535), help="0: any free."
)
def serve(host: str, port: int) -> None:
    """Serve the page, the chat and the web channel; train first where that is needed."""
    from bot.serving.lean import leave_out

    leave_out()
    _quiet()
    from bot.serving.server import ServeError
    from bot.serving.server import serve as run_server

    try:
        _run(lambda: run_server(host, port))
    except ServeError as error:
        raise click.ClickException(str(error)) from error


@main.command()
def ask() -> None:
    """Answer conversations: a JSON line {"area", "turns"} in, a JSON line {"replies"} out."""
    from bot.serving.lean import leave_out

    leave_out()
    _quiet()
    import asyncio

    from bot.serving.transcript import answer_conversations

    out = sys.stdout
    failed = False

    def write(result: dict[str, Any]) -> None:
        nonlocal failed
        failed = failed or "error" in result
        out.write(json.dumps(result, ensure_ascii=False) + "\n")
        out.flush()

    # only answers go to standard output, whatever a library prints
    with contextlib.redirect_stdout(sys.stderr):
        _run(lambda: asyncio.run(answer_conversations(list(_json_lines()), write)))
    _ends(failed)


@main.command()
def route() -> None:
    """Find referral routes: a case (JSON) a line in, a route (JSON) a line out."""
    from pydantic import ValidationError

    from bot.guidance.load import guidance_folder, load_guidance
    from bot.referral.case import Case, tells_danger
    from bot.referral.find import find_route
    from bot.referral.load import load_routes
    from bot.referral.wording import route_json

    book = _run(lambda: load_routes(load_guidance(), guidance_folder() / "routes"))
    failed = False
    for number, line, wrong in _json_lines():
        try:
            result = {"error": wrong}
            if wrong is None:
                result = route_json(find_route(Case.model_validate(line), book))
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, one['loc'])) or 'case'}: {one['msg']}"
                for one in error.errors()
            )
            first = "Ring 999 now. Then mend the case: " if tells_danger(line) else ""
            result = {"error": f"{first}line {number} is not a case: {faults}"}
        failed = failed or "error" in result
        click.echo(json.dumps(result, ensure_ascii=False))
    _ends(failed)


@main.command()
def redact() -> None:
    """Remove identifying details: a message a line in, the same line without them out."""
    from bot.guidance.load import load_guidance
    from bot.privacy import Scrubber

    scrubber = _run(lambda: Scrubber(load_guidance()))
    for raw in sys.stdin.buffer:
        # a byte that is no text stands for itself no longer; the line is answered all the same
        click.echo(scrubber.redact(raw.decode(errors="replace").rstrip("\r\n")))


main.add_command(invite)
main.add_command(nlu)


@main.command()
@click.option("--clear", is_flag=True, help="Delete them instead.")
def unanswered(clear: bool) -> None:
    """Print the questions that could not be answered, where they are kept: a JSON line each."""
    from bot.guidance.load import load_guidance
    from bot.privacy import Scrubber
    from bot.store.database import open_database
    from bot.store.errors import StoreError
    from bot.store.migrations import migrate
    from bot.store.unanswered import SETTING, UnansweredQuestions, is_wanted

    scrubber = _run(lambda: Scrubber(load_guidance()))
    try:
        database = open_database()
        migrate(database.engine)
        questions = UnansweredQuestions(database, scrubber.redact)
        if clear:
            click.echo(f"{questions.clear()} deleted")
            return
        for one in questions.all():
            line = {"day": one.day.isoformat(), "area": one.area, "text": one.text}
            click.echo(json.dumps(line, ensure_ascii=False))
        if not is_wanted():
            click.echo(f"None are kept now. To keep them for 30 days: {SETTING}=yes", err=True)
    except StoreError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the database to a new FILE; it may be in use meanwhile."""
    from bot.store.backup import backup as make
    from bot.store.database import open_database
    from bot.store.errors import StoreError

    try:
        saved = make(open_database(), file)
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Saved to {saved.file}: {saved.size:,} bytes, tables of version {saved.version}.")


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace what the database holds.")
def restore(file: Path, replace: bool) -> None:
    """Put a backup FILE back. Stop Waymark before."""
    from bot.store.backup import restore as put_back
    from bot.store.database import open_database
    from bot.store.errors import StoreError

    try:
        restored = put_back(open_database(), file, replace)
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    gone = restored.purged
    click.echo(
        f"Restored from {file} (tables of version {restored.version}). Past their time: "
        f"{gone.conversations} conversations, {gone.screenings} screenings, deleted."
    )


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to be served on.")
def doctor(host: str) -> None:
    """Look over this installation: settings, database, disk, clock, model, content."""
    _quiet()
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from bot.serving.doctor import examine
    from bot.serving.models import project_folder

    found = examine(project_folder(), host)
    table = Table("", "What", "Found", title="waymark doctor")
    for one in found:
        colour = {"ok": "green", "warning": "yellow", "failure": "red"}[one.status]
        table.add_row(f"[{colour}]{one.status}[/]", one.name, escape(one.said))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    counts = {name: sum(one.status == name for one in found) for name in ("failure", "warning")}
    click.echo(f"{counts['failure']} failures, {counts['warning']} warnings")
    if counts["failure"]:
        sys.exit(1)


@main.group()
def screening() -> None:
    """The screening without the chat: draw its flow, or walk through it here."""


@screening.command()
def draw() -> None:
    """Print the flow of the questionnaire as a Mermaid diagram."""
    from bot.screening import load_questionnaire
    from bot.screening.drawing import draw as diagram

    click.echo(diagram(_run(load_questionnaire)))


@screening.command()
def walk() -> None:
    """Go through the questionnaire in this terminal. Nothing is kept."""
    from bot.screening import load_questionnaire
    from bot.screening.terminal import walk as go

    go(_run(load_questionnaire), input, click.echo)


def _run(work: Callable[[], Any]) -> Any:
    """Run a command's work; our own errors become a sentence and exit code 1."""
    from bot.guidance.files import GuidanceError
    from bot.serving.models import ModelError

    try:
        return work()
    except (GuidanceError, ModelError) as error:
        raise click.ClickException(str(error)) from error

"""The command line: `waymark …`. Each command imports what it needs, so small ones are quick."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

import click

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Waymark: guidance on child sexual exploitation for practitioners, always cited."""


def _quiet() -> None:
    """Keep Rasa's start-up chatter and third-party warnings off the terminal."""
    import warnings

    warnings.filterwarnings("ignore")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    logging.getLogger().setLevel(logging.ERROR)
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def _json_lines() -> list[tuple[int, Any]]:
    """Every line of standard input as JSON with its number. Exits with a sentence on a bad one."""
    lines = []
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            lines.append((number, json.loads(line)))
        except json.JSONDecodeError as error:
            raise click.ClickException(f"line {number} is not JSON: {error.msg}") from error
    return lines


@main.command()
@click.option("--force", is_flag=True, help="Train even when the model is current.")
def train(force: bool) -> None:
    """Train the model from data/, unless it is current."""
    _quiet()
    from rich.console import Console

    from bot.serving.models import ModelError, current_model, project_folder, train_model

    root = project_folder()
    console = Console(stderr=True)
    model = None if force else current_model(root)
    if model:
        console.print(f"The model is current: models/{model.name}")
        return
    try:
        with console.status("Training (about a minute) …"):
            model = train_model(root)
    except ModelError as error:
        raise click.ClickException(str(error)) from error
    console.print(f"Trained: models/{model.name}")


@main.command()
def ask() -> None:
    """Answer conversations: a JSON line {"area", "turns"} in, a JSON line {"replies"} out."""
    _quiet()
    conversations = _json_lines()
    import asyncio

    from bot.serving.transcript import answer_conversations

    def write(result: dict[str, Any]) -> None:
        click.echo(json.dumps(result, ensure_ascii=False))

    _run(lambda: asyncio.run(answer_conversations([one for _, one in conversations], write)))


def _run(work: Callable[[], Any]) -> Any:
    """Run a command's work; our own errors become a sentence and exit code 1."""
    from bot.guidance.files import GuidanceError
    from bot.serving.models import ModelError

    try:
        return work()
    except (GuidanceError, ModelError) as error:
        raise click.ClickException(str(error)) from error

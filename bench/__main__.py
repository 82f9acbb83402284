"""`python -m bench`: measure one side or all of them, then write the table and the plots."""

from __future__ import annotations

import datetime as dt
import json
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bench import accuracy, measuring
from bench.england import Assumptions, plan_from, stored_figures
from bench.environments import (
    WORK,
    installed_size,
    plain_environment,
    waymark_environment,
)
from bench.phrases import read_phrases, sample
from bench.plain.project import EPOCHS
from bench.processes import CORES, BenchError, load_average
from bench.projects import train_plain, train_waymark
from bench.servers import ROOT, floor, plain, waymark

Say = Callable[[str], None]


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--whole", is_flag=True, help="Train plain Rasa on every phrase: many hours.")
@click.option("--repeats", default=measuring.REPEATS, show_default=True, type=click.IntRange(1))
@click.option("--seconds", default=measuring.CROWD_SECONDS, show_default=True, type=float,
              help="How long a crowd asks.")  # fmt: skip
@click.pass_context
def main(context: click.Context, whole: bool, repeats: int, seconds: float) -> None:
    """Measure Waymark beside plain Rasa on this machine. Without a command: everything in turn."""
    context.obj = {"whole": whole, "repeats": repeats, "seconds": seconds}
    if context.invoked_subcommand is None:
        for command in (measure_floor, measure_waymark, measure_plain, england, report):
            context.invoke(command)


def _say(text: str) -> None:
    click.echo(f"{dt.datetime.now():%H:%M:%S} {text}", err=True)


@main.command("floor")
@click.pass_context
def measure_floor(context: click.Context) -> None:
    """Measure an empty handler in the same web server."""
    with floor(_work()) as server:
        result = measuring.everything(server, ROOT, _say, context.obj["repeats"], 3.0)
    _keep("floor", result)


@main.command("ours")
@click.option("--untrained", is_flag=True, help="Leave the trainings out; use the current model.")
@click.pass_context
def measure_waymark(context: click.Context, untrained: bool = False) -> None:
    """Measure Waymark: installed anew without its tests, trained from nothing, served."""
    options = context.obj
    environment = waymark_environment(ROOT)
    program = environment / "bin" / "waymark"
    result: dict[str, Any] = {
        "installed_bytes": installed_size(environment),
        "installed_to_serve_bytes": installed_size(waymark_environment(ROOT, serving=True)),
    }
    home = ROOT
    if not untrained:
        _say("training on everything")
        home, result["training"] = train_waymark(ROOT, program, "whole")
        _say("training on the sample")
        small, result["training_sample"] = train_waymark(ROOT, program, "sample")
        _say("accuracy, trained on the sample")
        phrases = sample(read_phrases(ROOT))
        result["label_sample"] = accuracy.label_of_waymark(
            environment / "bin" / "python", _model(small), phrases
        )
        with waymark(_work(), program, small) as server:
            result["accuracy_sample"] = accuracy.of_waymark(server)
    starts = []
    for _ in range(options["repeats"]):
        _say("a start")
        with waymark(_work(), program, home) as server:
            starts.append((server.start, server.start_processor))
    with waymark(_work(), program, home) as server:
        result |= measuring.everything(server, ROOT, _say, options["repeats"], options["seconds"])
        starts.append((server.start, server.start_processor))
        result["start_seconds"], result["start_processor_seconds"] = map(
            min, zip(*starts, strict=True)
        )
        _keep("waymark", result)
        _say("accuracy")
        result["accuracy"] = accuracy.of_waymark(server)
    _keep("waymark", result)


@main.command("plain")
@click.option("--quick", is_flag=True, help="Train next to nothing: speed without accuracy.")
@click.option("--epochs", default=EPOCHS, show_default=True, type=click.IntRange(1),
              help="Fewer than Rasa's default train sooner; the table says so.")  # fmt: skip
@click.pass_context
def measure_plain(context: click.Context, quick: bool = False, epochs: int = EPOCHS) -> None:
    """Measure plain Rasa: installed on demand, trained once (up to some hours), served."""
    options = context.obj
    environment = plain_environment(ROOT)
    result: dict[str, Any] = {"installed_bytes": installed_size(environment)}
    _say("training, where that is not done yet")
    how = "quick" if quick else "whole" if options["whole"] else "sample"
    project, result["training"] = train_plain(ROOT, environment, how, epochs)
    starts = []
    for _ in range(options["repeats"] - 1):
        _say("a start")
        with plain(_work(), environment, project) as server:
            starts.append((server.start, server.start_processor))
    with plain(_work(), environment, project) as server:
        # a crowd before which every answer waits seconds needs longer to show it
        seconds = options["seconds"] * 2
        result |= measuring.everything(server, ROOT, _say, options["repeats"], seconds)
        starts.append((server.start, server.start_processor))
    result["start_seconds"], result["start_processor_seconds"] = map(min, zip(*starts, strict=True))
    model = _model(project)
    if not quick:
        _say("accuracy")
        result["accuracy"] = accuracy.of_plain(environment, model)
    if how == "sample":
        phrases = sample(read_phrases(ROOT))
        result["label_sample"] = accuracy.label_of_plain(environment, model, phrases)
    _keep("plain", result)


def _assumptions[F: Callable[..., Any]](command: F) -> F:
    """An option for each assumption of the plan."""
    for name, reason in reversed(Assumptions().reasons().items()):
        option = f"--{name.replace('_', '-')}"
        default = getattr(Assumptions(), name)
        command = click.option(option, default=default, type=float, show_default=True, help=reason)(
            command
        )
    return command


@main.command()
@_assumptions
def england(**assumed: float) -> None:
    """Reckon and simulate all of England's partnerships at once, from Waymark's figures."""
    path = ROOT / WORK / "waymark.json"
    figures = json.loads(path.read_text("utf-8")) if path.exists() else stored_figures()["waymark"]
    _keep("england", plan_from(figures, Assumptions(**assumed)))


@main.command()
def report() -> None:
    """Write the table and the plots from what was measured, and print the table."""
    from bench.report import write_report

    click.echo(write_report(ROOT))


def _work() -> Path:
    folder = ROOT / WORK
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _model(project: Path) -> Path:
    return next((project / "models").glob("*.tar.gz"))


def _keep(name: str, result: dict[str, Any]) -> None:
    result["measured"] = {
        "on": dt.date.today().isoformat(),
        "cores": CORES,
        "machine": platform.machine(),
        "load_after": load_average(),
    }
    path = _work() / f"{name}.json"
    path.write_text(json.dumps(result, indent=1), encoding="utf-8")
    _say(f"written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        main(standalone_mode=True)
    except BenchError as error:
        raise SystemExit(str(error)) from error

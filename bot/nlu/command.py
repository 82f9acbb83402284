"""`waymark nlu …`: how well messages are understood."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def nlu() -> None:
    """How well messages are understood."""


@nlu.command()
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a plot (SVG) to this file.",
)
def report(plot: Path | None) -> None:
    """Cross-validate, read the held-out wordings, and show what is confused. Takes minutes."""
    from rich.console import Console
    from rich.table import Table

    from bot.guidance.load import load_guidance
    from bot.nlu.entities import Vocabulary
    from bot.nlu.report import project_results
    from bot.nlu.report_plot import draw
    from bot.nlu.shorthand import Shorthand
    from bot.serving.models import project_folder

    with Console(stderr=True).status("Learning without each set of wordings in turn …"):
        results = project_results(
            project_folder(), load_guidance(), Shorthand(Vocabulary.read().shorthand)
        )
    tables = [Table("Set", "Texts", "Right", title="Right at first guess")]
    for name, guesses in results.sets.items():
        tables[0].add_row(name, str(len(guesses)), f"{results.accuracy(name):.1%}")
    tables.append(Table("Right", "Taken for", "Times", title="Most confused"))
    for right, taken, count in results.confusions():
        tables[1].add_row(right, taken, str(count))
    tables.append(Table("Text", "Taken for", "Confidence", title="Least sure"))
    for one in results.least_sure():
        tables[2].add_row(one.text, one.first, f"{one.confidence:.2f}")
    tables.append(Table("Confidence", "Right", "Texts", title="Calibration"))
    for mean, share, number in results.calibration():
        tables[3].add_row(f"{mean:.2f}", f"{share:.2f}", str(number))
    out = Console()
    for table in tables:
        out.print(table)
    if plot is not None:
        try:
            plot.write_text(draw(results), encoding="utf-8")
        except OSError as error:
            raise click.ClickException(
                f"The plot cannot be written to {plot}: {error.strerror}."
            ) from error
        out.print(f"Plot: {plot}")

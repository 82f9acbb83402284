"""The plots of the documents, as SVG."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

#: Each side's name and colour, told apart without colour by the marker as well.
SIDES = {
    "plain": ("plain Rasa", "#b35900", "s"),
    "waymark": ("Waymark", "#00556b", "o"),
    "floor": ("an empty handler", "#777777", "^"),
}
KINDS = {"answer": "an answer", "screening": "a screening", "route": "a route",
         "fallback": "not understood"}  # fmt: skip

mpl.rcParams.update(
    {
        "svg.hashsalt": "waymark",  # the same figures give the same file
        "svg.fonttype": "none",
        "font.family": "sans-serif",
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.color": "#e3e3e3",
    }
)


def write_plots(figures: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write every plot that there are figures for; their files."""
    sides = [one for one in SIDES if one in figures]
    written = [
        _turns(figures, sides, folder / "bench-turns.svg"),
        _crowds(figures, sides, folder / "bench-people.svg"),
        _long(figures, [one for one in sides if "long" in figures[one]], folder / "bench-long.svg"),
    ]
    if "england" in figures:
        written.append(_england(figures["england"], folder / "bench-england.svg"))
    return written


def _axes(title: str, across: str, up: str) -> tuple[Figure, Axes]:
    figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
    axes.set_title(title, loc="left", fontsize=11)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_axisbelow(True)
    return figure, axes


def _saved(figure: Figure, path: Path) -> Path:
    figure.savefig(path, format="svg", metadata={"Date": None})
    plt.close(figure)
    return path


def _turns(figures: Mapping[str, Any], sides: list[str], path: Path) -> Path:
    figure, axes = _axes("One turn, one person: median, and line to the 95th percentile", "",
                         "milliseconds")  # fmt: skip
    width = 0.8 / len(sides)
    for number, side in enumerate(sides):
        name, colour, _ = SIDES[side]
        kinds = figures[side]["kinds"]
        places = [at + (number - (len(sides) - 1) / 2) * width for at in range(len(KINDS))]
        medians = [kinds[one]["median_ms"] for one in KINDS]
        above = [kinds[one]["p95_ms"] - kinds[one]["median_ms"] for one in KINDS]
        axes.bar(places, medians, width * 0.9, color=colour, label=name,
                 yerr=[[0.0] * len(KINDS), above], capsize=3)  # fmt: skip
    axes.set_yscale("log")
    axes.set_ylim(top=axes.get_ylim()[1] * 4)  # room for the legend
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xticks(range(len(KINDS)), list(KINDS.values()))
    axes.legend(frameon=False, ncols=len(sides), loc="upper right")
    return _saved(figure, path)


def _crowds(figures: Mapping[str, Any], sides: list[str], path: Path) -> Path:
    figure, axes = _axes("People who ask at once, without a pause", "people at once",
                         "turns a second")  # fmt: skip
    for side in sides:
        name, colour, marker = SIDES[side]
        crowds = sorted(figures[side]["crowds"].values(), key=lambda one: one["people"])
        axes.plot([one["people"] for one in crowds], [one["a_second"] for one in crowds],
                  marker=marker, color=colour, label=name)  # fmt: skip
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.legend(frameon=False)
    return _saved(figure, path)


def _long(figures: Mapping[str, Any], sides: list[str], path: Path) -> Path:
    figure, axes = _axes("One long conversation: processor time up to each turn", "turn",
                         "seconds of the server's processor")  # fmt: skip
    for side in sides:
        name, colour, _ = SIDES[side]
        spent = figures[side]["long"]["all_spent_ms"]
        axes.plot(range(1, len(spent) + 1), [one / 1000 for one in spent], color=colour, label=name)
    axes.legend(frameon=False)
    return _saved(figure, path)


def _england(plan: Mapping[str, Any], path: Path) -> Path:
    figure, axes = _axes("England at once, simulated: 95 of 100 answers come within",
                         "workers", "milliseconds")  # fmt: skip
    looks = {"ordinary": ("#777777", "^"), "crisis": ("#00556b", "o"), "tenfold": ("#b35900", "s")}
    for name, (colour, marker) in looks.items():
        runs = plan["simulated"][name]
        rate = plan["rates"][name]
        label = f"{name}: {rate:.1f} turns a second"
        axes.plot([one["workers"] for one in runs], [one["p95_ms"] for one in runs],
                  marker=marker, color=colour, label=label)  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(frameon=False)
    return _saved(figure, path)

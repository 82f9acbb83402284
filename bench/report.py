"""The table of Waymark beside plain Rasa, and the plan for England, as the documents show them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from bench.england import FIGURES
from bench.environments import WORK
from bench.measuring import CROWDS
from bench.plots import write_plots
from bench.processes import BenchError

#: How many of a crowd's times are kept in the committed figures: enough to draw from.
TIMES_KEPT = 200

Side = Mapping[str, Any]
Figure = Callable[[Side], float]


def write_report(root: Path) -> str:
    """Take over what was measured, write figures, plots and documents; the table as text.

    A side that was not measured this time keeps its figures. Raises BenchError without any.
    """
    figures: dict[str, Any] = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    for name in ("floor", "waymark", "plain", "england"):
        path = root / WORK / f"{name}.json"
        if path.exists():
            figures[name] = _kept(json.loads(path.read_text(encoding="utf-8")))
    if not {"floor", "waymark", "plain"} <= set(figures):
        raise BenchError("Nothing was measured yet: make bench")
    text = json.dumps(figures, indent=1) + "\n"
    FIGURES.write_text(text, encoding="utf-8")
    write_plots(figures, root / "docs")
    rows = table(figures)
    _put(root / "docs" / "figures.md", "bench", _markdown(rows) + "\n" + _how(figures))
    if "england" in figures:
        _put(root / "docs" / "hosting.md", "england", england(figures["england"]))
    return _as_text(rows)


def _kept(side: dict[str, Any]) -> dict[str, Any]:
    """The figures of a side without every single time."""
    for crowd in side.get("crowds", {}).values():
        times = crowd["times_ms"]
        crowd["times_ms"] = times[:: max(1, len(times) // TIMES_KEPT)]
    if "long" in side:
        del side["long"]["all_ms"]
    return _rounded(side)  # type: ignore[no-any-return]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}") if value < 1e4 else round(value)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list) else value


def table(figures: Mapping[str, Side]) -> list[tuple[str, str, str, str, str]]:
    """Rows: what, plain Rasa, Waymark, how many times less (or more), the floor."""
    plain, ours, floor = (figures[one] for one in ("plain", "waymark", "floor"))
    rows = []

    def row(what: str, unit: str, of: Figure, more: bool = False) -> None:
        theirs, mine, least = (_figure(of, one) for one in (plain, ours, floor))
        ratio = ""
        if theirs and mine:
            times = mine / theirs if more else theirs / mine
            ratio = f"{_short(times)} times {'more' if more else 'less'}"
        floors = _with(least, unit) if least else ""
        rows.append((what, _with(theirs, unit), _with(mine, unit), ratio, floors))

    def percent(what: str, of: Figure) -> None:
        theirs, mine = (_figure(of, one) for one in (plain, ours))
        rows.append((what, _share(theirs), _share(mine), "", ""))

    row("training, processor time", "s", lambda one: _training(one)["processor_seconds"])
    row("training, most memory", "MB", lambda one: _training(one)["memory"] / 1e6)
    row("training, phrases", "", lambda one: _training(one)["phrases"], more=True)
    row("installed", "MB", lambda one: one["installed_bytes"] / 1e6)
    # plain Rasa cannot do without: it has no smaller installation
    row("installed, to serve a model trained elsewhere", "MB",
        lambda one: one.get("installed_to_serve_bytes", one["installed_bytes"]) / 1e6)  # fmt: skip
    row("from start to first answer", "s", lambda one: one["start_seconds"])
    row("the same, processor time", "s", lambda one: one["start_processor_seconds"])
    row("memory, all processes (PSS)", "MB", lambda one: one["memory"]["proportional"] / 1e6)
    row("memory, all processes (RSS)", "MB", lambda one: one["memory"]["resident"] / 1e6)
    row("first turn, median", "ms", lambda one: one["first"]["median_ms"])
    for name, said in (("answer", "an answer"), ("screening", "a screening's question"),
                       ("route", "a route"), ("fallback", "not understood")):  # fmt: skip
        row(f"{said}, median", "ms", lambda one, name=name: one["kinds"][name]["median_ms"])  # type: ignore[misc]
        row(f"{said}, 95th percentile", "ms", lambda one, name=name: one["kinds"][name]["p95_ms"])  # type: ignore[misc]
    for name, said in (("answer", "answers"), ("screening", "a screening"), ("route", "routes"),
                       ("fallback", "messages not understood")):  # fmt: skip
        row(f"conversations of {said}, processor time a turn", "ms",
            lambda one, name=name: one["kinds"][name]["server_ms_a_turn"])  # type: ignore[misc]  # fmt: skip
    row(
        "mixed conversations, processor time a turn",
        "ms",
        lambda one: one["crowds"]["1"]["server_ms_a_turn"],
    )
    rows.append(
        ("200th turn against the 10th, processor time",
         *(f"{_short(one['long']['ratio'])} times" for one in (plain, ours)), "", "")
    )  # fmt: skip
    for people in map(str, CROWDS):
        at_once = "1 person" if people == "1" else f"{people} people at once"
        row(f"{at_once}, turns a second", "", lambda one, n=people: one["crowds"][n]["a_second"],  # type: ignore[misc]
            more=True)  # fmt: skip
        row(f"{at_once}, 95th percentile", "ms", lambda one, n=people: one["crowds"][n]["p95_ms"])  # type: ignore[misc]
    row("rows stored for a turn", "", lambda one: one["store"]["rows_a_turn"])
    row("bytes stored for a turn", "", lambda one: one["store"]["bytes_a_turn"])
    percent("held-out questions answered with all key facts", lambda one: one["accuracy"]["facts"])
    # what plain Rasa could be trained on in reasonable time
    fair = _figure(lambda one: one["accuracy_sample"]["facts"], ours)
    rows.append(("the same, Waymark trained on plain Rasa's sample",
                 _share(_figure(lambda one: one["accuracy"]["facts"], plain)), _share(fair),
                 "", ""))  # fmt: skip
    percent("the sample's left-over phrases, topic found, both trained on it",
            lambda one: one["label_sample"])  # fmt: skip
    percent("out of scope, refused", lambda one: one["accuracy"]["out_of_scope_refused"])
    percent("in scope, wrongly refused", lambda one: one["accuracy"]["in_scope_refused"])
    return rows


def _training(side: Side) -> Mapping[str, float]:
    """What a training cost; nothing where there was none to speak of."""
    found: Mapping[str, Any] = side["training"]
    return {} if found.get("how") == "quick" else found


def _figure(of: Figure, side: Side) -> float | None:
    try:
        return of(side)
    except KeyError:
        return None


def _short(value: float) -> str:
    if value >= 99.5:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 9.95 else f"{value:.2g}" if value < 1 else f"{value:.1f}"


def _with(value: float | None, unit: str) -> str:
    return "not measured" if value is None else f"{_short(value)} {unit}".strip()


def _share(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.1%}".replace("%", " %")


HEADS = ("what", "plain Rasa", "Waymark", "", "an empty handler")


def _markdown(rows: list[tuple[str, str, str, str, str]]) -> str:
    lines = [HEADS, ("---",) * 5, *rows]
    return "\n".join("| " + " | ".join(one) + " |" for one in lines) + "\n"


def _as_text(rows: list[tuple[str, str, str, str, str]]) -> str:
    shown = Table(*HEADS, box=box.SIMPLE)
    for one in rows:
        shown.add_row(*one)
    out = io.StringIO()
    Console(file=out, width=120).print(shown)
    return out.getvalue()


def _how(figures: Mapping[str, Side]) -> str:
    """What to know about the figures: conditions, and what the two sides were trained on."""
    plain, ours = figures["plain"], figures["waymark"]
    busy = {
        name: max(one["others"] for one in (*side["kinds"].values(), *side["crowds"].values()))
        for name, side in (("plain", plain), ("ours", ours))
    }
    loads = [
        one["load"]
        for side in (plain, ours)
        for one in (*side["kinds"].values(), *side["crowds"].values())
    ]
    training = plain["training"]
    about = {
        "sample": f"trained on {training['phrases']:,} phrases, at most 20 of each topic, chosen "
        f"by a hash, with its default pipeline and policies for {training['epochs']} of Rasa's "
        "100 epochs",
        "whole": f"trained on all {training['phrases']:,} phrases",
        "quick": "a model of the default pipeline's layers, trained for one epoch on two phrases "
        "of each topic: it answers as fast as one that is trained, and its accuracy and its cost "
        "of training are left open",
    }[training["how"]]
    return (
        f"Measured on {ours['measured']['on']} on {ours['measured']['cores']} cores "
        f"({ours['measured']['machine']}) with a load average of {min(loads):.1f} to "
        f"{max(loads):.1f}: other programs kept up to {busy['plain']:.1f} cores busy beside plain "
        f"Rasa and {busy['ours']:.1f} beside Waymark. Processor times do not depend on that much; "
        "times and turns a second do, so take them as bounds. "
        f"Plain Rasa 3.6.21 is {about}; SQLite, the REST channel and an action server of its own. "
        f"{plain.get('note', '')} "
        "People who ask without a pause are a program of its own, whose processor time is kept "
        "beside each figure in `bench/figures.json`. In the row on plain Rasa's sample Waymark "
        f"was trained on the same phrases; elsewhere on everything. {ours.get('note', '')}\n"
        "\n"
        "![A turn by kind](bench-turns.svg)\n"
        "![People at once](bench-people.svg)\n"
        "![A long conversation](bench-long.svg)\n"
    )


def england(plan: Mapping[str, Any]) -> str:
    """The plan as a section of a document."""
    rates, limits, runs = plan["rates"], plan["limits"], plan["simulated"]
    assumed = "\n".join(
        f"| `{name}` | {value:,g} | {plan['reasons'][name]} |"
        for name, value in plan["assumptions"].items()
        if not name.endswith("_hour") or name == "busiest_hour"
    )

    def waits(name: str) -> str:
        return ", ".join(f"{one['workers']}: {one['p95_ms']:.0f} ms" for one in runs[name][:4])

    full = "; ".join(f"{name} at {value:,.0f} turns a second" for name, value in limits.items())
    return f"""\
What it would take for every safeguarding partnership in England at once. Nobody has counted how much
such a guide would be asked: everything in this table is an assumption to be replaced by your own
(`.venv/bin/python -m bench england --help`), and none of it is a statistic.

| assumed | | |
| --- | --- | --- |
{assumed}

| reckoned from it, with {plan["turn_ms"]:.0f} ms of processor time a turn as measured | |
| --- | --- |
| turns on an ordinary day | {plan["turns_a_day"]:,.0f} |
| turns a second in the busiest hour, ordinary / crisis week | {rates["ordinary"]:.1f} / {rates["crisis"]:.1f} |
| people in a conversation at once, crisis week | about {plan["talking_at_once"]:,.0f} |
| workers (one core each), at most {plan["assumptions"]["busy"]:.0%} busy in a crisis week, two at the least | {plan["workers"]} |
| memory of the workers | {plan["memory_gigabytes"]:.1f} GB |
| rows and bytes in the database, a crisis day | {plan["database_rows"]:,.0f} rows, {plan["database_bytes"] / 1e6:,.0f} MB |
| processor time that all turns of a year need | {plan["core_hours_worked_a_year"]:,.0f} core-hours |
| to run it for a month | {plan["core_hours_a_month"]:,.0f} core-hours, {plan["gigabyte_hours_a_month"]:,.0f} GB-hours |

Money: multiply the last line by your own prices (`--core-hour`, `--gigabyte-hour`), and add PostgreSQL,
Redis and the balancer, each of the smallest size that your provider has.

**What fills up first** is {plan["first_limit"]}: {full}. Workers can be added until the next
limit, at about {plan["workers_at_the_next_limit"]:,.0f} of them.

Simulated, 95 of 100 answers come within, by number of workers:

- ordinary, {rates["ordinary"]:.1f} turns a second: {waits("ordinary")}
- crisis week, {rates["crisis"]:.1f}: {waits("crisis")}
- ten times a crisis week, {rates["tenfold"]:.0f}: {waits("tenfold")}

![England at once, simulated](bench-england.svg)

The simulation gives turns to workers one after another, as a round-robin proxy does, and draws what a turn
takes from the measured times, scaled to the processor time of a turn. It knows nothing of the network and
of what PostgreSQL and Redis add.
"""  # noqa: E501


def _put(path: Path, name: str, text: str) -> None:
    """Put a text between its two marks in a document. Raises BenchError when they are missing."""
    document = path.read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: written by make bench -->", f"<!-- end of {name} -->"
    found = re.sub(
        f"{re.escape(begin)}.*?{re.escape(end)}",
        lambda _: f"{begin}\n{text.rstrip()}\n{end}",
        document,
        flags=re.DOTALL,
    )
    if begin not in document:
        raise BenchError(f"{path} has no line “{begin}”.")
    path.write_text(found, encoding="utf-8")

"""The documents say what was measured, and only that."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench import report
from bench.england import stored_figures
from bench.processes import BenchError
from bench.servers import ROOT


def between(document: str, name: str) -> str:
    begin, end = f"<!-- {name}: written by make bench -->", f"<!-- end of {name} -->"
    return document.partition(begin)[2].partition(end)[0].strip()


def test_the_table_in_the_documents_is_the_table_of_the_kept_figures() -> None:
    shown = between((ROOT / "docs" / "figures.md").read_text("utf-8"), "bench")
    for row in report.table(stored_figures()):
        assert "| " + " | ".join(row) + " |" in shown


def test_the_plan_in_the_documents_is_the_plan_of_the_kept_figures() -> None:
    shown = between((ROOT / "docs" / "hosting.md").read_text("utf-8"), "england")
    assert shown == report.england(stored_figures()["england"]).strip()


def test_every_plot_that_the_documents_show_is_there() -> None:
    for name in ("figures", "hosting"):
        text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
        for plot in re.findall(r"\(([\w-]+\.svg)\)", text):
            assert ElementTree.parse(ROOT / "docs" / plot).getroot().tag.endswith("}svg"), plot


def test_what_was_not_measured_is_said_to_be_so() -> None:
    figures = stored_figures()
    figures["plain"].pop("accuracy", None)
    figures["plain"]["training"] = {"how": "quick", "phrases": 430, "epochs": 1}
    rows = {row[0]: row for row in report.table(figures)}
    assert rows["training, processor time"][1] == "not measured"
    assert rows["held-out questions answered with all key facts"][1] == "not measured"


def test_ratios_say_which_way_they_go() -> None:
    figures = stored_figures()
    figures["plain"]["installed_bytes"], figures["waymark"]["installed_bytes"] = 3e9, 1e9
    for side, rate in (("plain", 4.0), ("waymark", 60.0)):
        figures[side]["crowds"]["16"]["a_second"] = rate
    rows = {row[0]: row for row in report.table(figures)}
    assert rows["installed"][3] == "3.0 times less"
    assert rows["16 people at once, turns a second"][3] == "15.0 times more"


def test_a_document_without_its_marks_is_left_alone(tmp_path: Path) -> None:
    document = tmp_path / "other.md"
    document.write_text("Nothing to see.\n", encoding="utf-8")
    with pytest.raises(BenchError, match="has no line"):
        report._put(document, "bench", "text")
    assert document.read_text(encoding="utf-8") == "Nothing to see.\n"

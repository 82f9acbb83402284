"""The dependency audit: what was skipped, what has an advisory, and what may stay, and how long."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 11, 22)


def load_audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "deploy" / "audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit"] = module
    spec.loader.exec_module(module)
    return module


audit = load_audit()

#: As pip-audit 2 prints it.
REPORT: dict[str, Any] = {
    "dependencies": [
        {"name": "click", "version": "8.1.7", "vulns": []},
        {
            "name": "old_thing",
            "version": "1.0",
            "vulns": [
                {
                    "id": "PYSEC-2025-1",
                    "aliases": ["CVE-2025-1", "GHSA-aaaa"],
                    "fix_versions": ["1.1"],
                    "description": "…",
                }
            ],
        },
    ],
    "fixes": [],
}
WAIVER = """
- package: Old.Thing
  advisories: [CVE-2025-1]
  reason: The function that has the fault is never called here.
  decided: 2026-06-01
  until: 2026-12-01
"""


def faults(report: dict[str, Any], waivers: str = "", today: dt.date = TODAY) -> list[str]:
    names = ["click", "old-thing"]
    return list(audit.judge(report, names, audit.read_waivers(waivers), today))


def test_an_advisory_fails() -> None:
    assert faults(REPORT) == ["old-thing 1.0 has PYSEC-2025-1 (fixed in: 1.1)."]


def test_a_waiver_by_any_name_of_the_advisory_lets_it_stay() -> None:
    assert faults(REPORT, WAIVER) == []


def test_a_waiver_ends() -> None:
    said = faults(REPORT, WAIVER, dt.date(2026, 12, 2))
    assert said[0] == "The waiver for old-thing ended on 2026-12-01: look at it again."
    assert "has PYSEC-2025-1" in said[1]


def test_a_waiver_for_another_advisory_does_not_count() -> None:
    said = faults(REPORT, WAIVER.replace("CVE-2025-1", "CVE-2024-9"))
    assert any("has PYSEC-2025-1" in one for one in said)
    assert any("not needed any more" in one for one in said)


def test_a_package_that_was_skipped_fails() -> None:
    skipped = {"name": "old-thing", "skip_reason": "Dependency not found on PyPI"}
    report = {"dependencies": [REPORT["dependencies"][0], skipped]}
    assert faults(report) == ["old-thing was not audited: Dependency not found on PyPI"]
    # a waiver for an advisory says nothing about a package that nobody looked at
    assert faults(report, WAIVER) == ["old-thing was not audited: Dependency not found on PyPI"]


def test_a_report_that_says_nothing_is_no_clean_result() -> None:
    assert faults({"dependencies": []}) == [
        "click is installed and was not audited.",
        "old-thing is installed and was not audited.",
    ]
    everything = {
        "dependencies": [
            {"name": name, "skip_reason": "not found"} for name in ("click", "old-thing")
        ]
    }
    assert len(faults(everything)) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        "- package: x",
        "- {package: x, advisories: [A], reason: short, decided: 2026-01-01, until: 2026-02-01}",
        WAIVER.replace("2026-12-01", "2030-01-01"),
        WAIVER.replace("2026-12-01", "2026-05-01"),
        WAIVER.replace("until: 2026-12-01", ""),
        WAIVER.replace("2026-12-01", "soon"),
        "- just words",
    ],
)
def test_a_waiver_without_reason_or_end_is_refused(wrong: str) -> None:
    with pytest.raises(audit.AuditError):
        audit.read_waivers(wrong)


def test_the_projects_own_waivers_can_be_read() -> None:
    text = (ROOT / "deploy" / "audit-waivers.yml").read_text(encoding="utf-8")
    assert all(one.advisories for one in audit.read_waivers(text))


def test_every_package_of_the_lock_is_asked_about() -> None:
    text = (
        "absl-py==2.5.1\n    # via rasa\nPillow_Like==1 ; python_version < '3.13'\n./placeholders\n"
    )
    assert audit.names_in(text) == ["absl-py", "pillow-like"]


@pytest.mark.parametrize(("waived", "code"), [(False, 1), (True, 0)])
def test_the_command_says_it_with_its_exit_code(
    tmp_path: Path,
    waived: bool,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    report, waivers = tmp_path / "report.json", tmp_path / "waivers.yml"
    report.write_text(json.dumps(REPORT))
    today = dt.date.today()
    lasting = WAIVER.replace("2026-06-01", str(today)).replace(
        "2026-12-01", str(today + dt.timedelta(days=30))
    )
    waivers.write_text(lasting if waived else "")
    monkeypatch.setattr(audit, "WAIVERS", waivers)
    monkeypatch.setattr(audit, "installed", lambda: "click==8.1.7\nold-thing==1.0\n")
    assert audit.main(["--report", str(report)]) == code
    said = capsys.readouterr().out
    assert "2 packages" in said
    assert ("PYSEC-2025-1" in said) is not waived

"""The hazard log, the threat model and the data map name tests: each must exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["hazards.md", "threats.md", "data-protection.md"])
def test_every_test_that_is_named_exists(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"def (test_\w+)\(", code))
    assert named
    assert sorted(named - there) == []


def test_every_hazard_has_a_control_and_its_proof() -> None:
    lines = (ROOT / "docs" / "hazards.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("| H")]
    assert len(rows) > 15
    for number, hazard, cause, effect, severity, likelihood, risk, control, proof in rows:
        assert all(one.strip() for one in (hazard, cause, effect, control)), number
        assert "test_" in proof, number
        assert int(severity) * int(likelihood) == int(risk), number

"""Looks for published advisories on everything that `uv.lock` installs: `make audit`.

It fails when a package has an advisory, and also when a package was skipped: a mirror that knows no
advisories would else look like a clean result. What stays in spite of an advisory is named in
`audit-waivers.yml`, with its reason and the day on which that is looked at again.

    python deploy/audit.py                   ask pip-audit (PyPI's advisories) now
    python deploy/audit.py --report FILE     judge a report of `pip-audit --format json`
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
WAIVERS = Path(__file__).with_name("audit-waivers.yml")
#: Days for which a waiver may be given at most.
LONGEST_WAIVER = 366
#: pip-audit has dependencies that Rasa's forbid; so it runs in an environment of its own.
PIP_AUDIT = "pip-audit>=2.9,<3"


class AuditError(Exception):
    """The audit could not be made; the text says why and what to do."""


@dataclass(frozen=True)
class Waiver:
    """Why a package may stay: in spite of `advisories`, or (none) though it cannot be audited.

    It counts until the day `until`.
    """

    package: str
    advisories: frozenset[str]
    reason: str
    decided: dt.date
    until: dt.date


def read_waivers(text: str) -> list[Waiver]:
    """The waivers of a YAML text. Raises AuditError for one that is not complete."""
    waivers = []
    for entry in yaml.safe_load(text) or []:
        try:
            waiver = Waiver(
                normal(str(entry["package"])),
                frozenset(map(str, entry.get("advisories") or ())),
                str(entry["reason"]).strip(),
                _day(entry["decided"]),
                _day(entry["until"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise AuditError(
                f"A waiver needs package, reason, decided and until (dates): {entry!r}"
            ) from error
        if len(waiver.reason) < 20:
            raise AuditError(f"The waiver for {waiver.package} needs a reason in a sentence.")
        if not 0 < (waiver.until - waiver.decided).days <= LONGEST_WAIVER:
            raise AuditError(f"The waiver for {waiver.package} must end within a year.")
        waivers.append(waiver)
    return waivers


def judge(
    report: Mapping[str, Any], wanted: Iterable[str], waivers: Iterable[Waiver], today: dt.date
) -> list[str]:
    """What is wrong, a sentence each; none when all is well.

    `report` is what `pip-audit --format json` prints, `wanted` the names of all packages that must
    be in it.
    """
    standing = list(waivers)
    faults = [
        f"The waiver for {one.package} ended on {one.until}: look at it again."
        for one in standing
        if one.until < today
    ]
    valid = [one for one in standing if one.until >= today]
    used: set[Waiver] = set()
    seen = set()
    for found in report.get("dependencies", ()):
        name = normal(found["name"])
        seen.add(name)
        own = [one for one in valid if one.package == name]
        if "skip_reason" in found:
            waived = [one for one in own if not one.advisories]
            used.update(waived)
            if not waived:
                faults.append(f"{name} was not audited: {found['skip_reason']}")
            continue
        for advisory in found.get("vulns", ()):
            names = {advisory["id"], *advisory.get("aliases", ())}
            waived = [one for one in own if one.advisories & names]
            used.update(waived)
            if not waived:
                fixed = ", ".join(advisory.get("fix_versions", ())) or "no version yet"
                faults.append(
                    f"{name} {found.get('version')} has {advisory['id']} (fixed in: {fixed})."
                )
    faults += [f"{name} is installed and was not audited." for name in sorted(set(wanted) - seen)]
    if seen:
        faults += [
            f"The waiver for {one.package} is not needed any more: take it out."
            for one in valid
            if one not in used and one.package not in _skipped(report)
        ]
    return faults


def normal(name: str) -> str:
    """A package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def names_in(requirements: str) -> list[str]:
    """The names of the packages of a requirements file."""
    lines = (line.strip() for line in requirements.splitlines())
    return [normal(line.partition("==")[0]) for line in lines if "==" in line and line[0] != "#"]


def _skipped(report: Mapping[str, Any]) -> set[str]:
    return {normal(one["name"]) for one in report["dependencies"] if "skip_reason" in one}


def _day(value: object) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)  # noqa: S603
    except FileNotFoundError as error:
        raise AuditError("The audit needs uv: https://docs.astral.sh/uv/") from error
    except subprocess.TimeoutExpired as error:
        raise AuditError(f"“{' '.join(command[:2])}” took longer than 15 minutes.") from error
    # pip-audit ends with 1 when it has found something: that is for `judge` to say
    if not done.stdout.strip():
        raise AuditError(f"“{' '.join(command[:2])}” said nothing: {done.stderr.strip()[-300:]}")
    return done.stdout


def installed() -> str:
    """Everything that the lock installs, as a requirements file; our own packages are left out."""
    return _run(
        ["uv", "export", "--frozen", "--quiet", "--no-hashes", "--no-emit-project", "--all-groups",
         "--no-emit-package", "rasa-placeholders"]
    )  # fmt: skip


def audited(requirements: str) -> dict[str, Any]:
    """pip-audit's report on a requirements file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "requirements.txt"
        path.write_text(requirements, encoding="utf-8")
        printed = _run(
            ["uv", "tool", "run", "--quiet", PIP_AUDIT, "--requirement", str(path), "--no-deps",
             "--disable-pip", "--format", "json", "--progress-spinner", "off"]
        )  # fmt: skip
    try:
        report: dict[str, Any] = json.loads(printed)
    except ValueError as error:
        raise AuditError("pip-audit's report cannot be read.") from error
    return report


def main(arguments: list[str] | None = None) -> int:
    """Print what is wrong; the exit code is 0 when nothing is, 1 else, 2 when it cannot be said."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--report", type=Path, help="a report of pip-audit, instead of asking")
    given = parser.parse_args(arguments)
    try:
        waivers = read_waivers(WAIVERS.read_text(encoding="utf-8"))
        requirements = installed()
        report = json.loads(given.report.read_text()) if given.report else audited(requirements)
        faults = judge(report, names_in(requirements), waivers, dt.date.today())
    except AuditError as error:
        print(error, file=sys.stderr)
        return 2
    for fault in faults:
        print(fault)
    number = len(report.get("dependencies", ()))
    print(f"{number} packages, {len(waivers)} waivers: {len(faults) or 'nothing'} to do.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

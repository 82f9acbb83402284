"""Environments as a server would have them, made on demand: Waymark's without tests, plain Rasa's.

Both are kept in `results/bench`, which is not committed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.processes import BenchError

#: Where environments, projects, logs and results are kept.
WORK = Path("results") / "bench"
#: What plain Rasa is installed from. Its code needs pkg_resources, which newer setuptools dropped.
PLAIN = ("rasa==3.6.21", "setuptools<76")
#: The newest Python that plain Rasa runs on.
PLAIN_PYTHON = "3.10"


def find_uv(root: Path) -> str:
    """The installer: the one that `make install` uses. Raises BenchError when there is none."""
    candidates = [
        root / ".tools/uv/bin/uv",
        root / ".tools/packages/bin/uv",
        shutil.which("uv"),
        Path.home() / ".local/bin/uv",
    ]
    for one in filter(None, candidates):
        # a pyenv shim can be on the path and still not work: try it
        if _runs([str(one), "--version"]):
            return str(one)
    raise BenchError("uv was not found. “make install” gets it.")


def waymark_environment(root: Path, serving: bool = False) -> Path:
    """Waymark's environment without what its tests need; brought up to date.

    `serving`: without what training needs, either, for a model that was trained elsewhere.
    """
    folder = root / WORK / ("waymark-serving-env" if serving else "waymark-env")
    _run(
        [find_uv(root), "sync", "--frozen", "--no-default-groups" if serving else "--no-dev"],
        root,
        {"UV_PROJECT_ENVIRONMENT": str(folder)},
    )
    return folder


def plain_environment(root: Path) -> Path:
    """Plain Rasa's environment; made when there is none."""
    folder = root / WORK / "plain-env"
    if (folder / "bin" / "rasa").exists():
        return folder
    uv = find_uv(root)
    # outside the project, whose .python-version asks for another Python
    place = folder.parent
    place.mkdir(parents=True, exist_ok=True)
    for python in (PLAIN_PYTHON, *_pythons_of_pyenv()):
        if _runs([uv, "venv", "--no-project", "--clear", "--python", python, str(folder)]):
            break
    else:
        raise BenchError(f"Python {PLAIN_PYTHON} was not found; plain Rasa runs on no newer one.")
    _run([uv, "pip", "install", "--python", str(folder / "bin/python"), *PLAIN], place, {})
    return folder


def _pythons_of_pyenv() -> list[str]:
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    return [str(one) for one in versions.glob(f"{PLAIN_PYTHON}.*/bin/python")]


def installed_size(environment: Path) -> int:
    """Bytes of all files of an environment's packages, each counted once."""
    sizes = {}
    for folder, _, names in os.walk(environment / "lib"):
        for name in names:
            info = os.lstat(os.path.join(folder, name))
            sizes[info.st_dev, info.st_ino] = info.st_size
    return sum(sizes.values())


def _runs(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


def _run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")

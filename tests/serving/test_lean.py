"""What serving does not use is not loaded, and says so when it is used all the same."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bot.serving.models import project_folder

NOT_LOADED = [
    "tensorflow", "sklearn", "scipy", "matplotlib", "networkx", "dask", "questionary",
    "prompt_toolkit", "aiohttp", "apscheduler", "rasa.telemetry", "rasa.core.channels.slack",
    "rasa.core.channels.telegram", "spacy.cli",
]  # fmt: skip


def alone(program: str) -> str:
    """What a program prints that leaves out first, in a process of its own."""
    start = "from bot.serving.lean import leave_out; leave_out()\n"
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", start + program],
        cwd=project_folder(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def loaded() -> dict[str, bool]:
    """The modules of a process that can serve, and whether each is the real one."""
    return json.loads(
        alone(
            "import sys, json, bot.serving.server\n"
            "print(json.dumps({name: bool(getattr(module, '__file__', None))"
            " for name, module in sys.modules.items()}))"
        ).splitlines()[-1]
    )


@pytest.mark.parametrize("name", NOT_LOADED)
def test_what_serving_does_not_use_is_not_loaded(loaded: dict[str, bool], name: str) -> None:
    really = [one for one, real in loaded.items() if real and f"{one}.".startswith(f"{name}.")]
    assert really == []


@pytest.mark.parametrize("name", ["rasa.core.agent", "rasa.core.processor", "spacy", "sqlalchemy"])
def test_what_serving_uses_is_loaded(loaded: dict[str, bool], name: str) -> None:
    assert loaded[name]


def test_using_what_is_left_out_is_an_error_that_names_it() -> None:
    said = alone(
        "from sklearn.linear_model import LogisticRegression as Chosen\n"
        "class Ours(Chosen): pass\n"
        "try:\n    Chosen()\n"
        "except RuntimeError as error:\n    print(error)\n"
    )
    assert said == "sklearn.linear_model.LogisticRegression is left out while serving\n"


def test_what_was_imported_before_stays() -> None:
    assert (
        alone(
            "import sys\n"
            "from bot.serving import lean\n"
            "sys.meta_path[:] = [one for one in sys.meta_path if type(one).__module__"
            " != 'bot.serving.lean']\n"
            "import networkx\n"
            "lean.leave_out()\n"
            "import networkx\n"
            "print(networkx.Graph().number_of_nodes())\n"
        )
        == "0\n"
    )


def test_it_can_be_called_twice() -> None:
    assert alone("import sys\nbefore = len(sys.meta_path)\nleave_out()\n"
                 "print(len(sys.meta_path) - before)\n") == "0\n"  # fmt: skip


def test_a_process_that_keeps_all_leaves_nothing_out() -> None:
    program = (
        "import sys\n"
        "from bot.serving import lean\n"
        "lean.KEEP_ALL = True\n"
        "sys.meta_path[:] = [one for one in sys.meta_path if type(one).__module__"
        " != 'bot.serving.lean']\n"
        "before = len(sys.meta_path)\nlean.leave_out()\nprint(len(sys.meta_path) - before)\n"
    )
    assert alone(program) == "0\n"

"""The command line: what it says, and how it ends."""

from __future__ import annotations

import asyncio
import json
import shutil
import warnings
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.serving.engine import Engine
from bot.serving.models import archive_of, learned_file, record_hash
from bot.serving.transcript import answer_lines

PROJECT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands quieten warnings for their own process; the tests' process keeps its own."""
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    monkeypatch.delenv("WAYMARK_GUIDANCE", raising=False)
    monkeypatch.delenv("WAYMARK_HOME", raising=False)


def run(*words: str, given: str = "") -> Result:
    result = CliRunner().invoke(main, words, input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_every_command_with_a_line_of_its_own(option: str) -> None:
    result = run(option)
    assert result.exit_code == 0
    for name in main.commands:
        assert f"\n  {name} " in result.output
    assert {"serve", "train", "check", "ask", "route", "redact"} <= set(main.commands)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_explains_itself(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert main.commands[name].help
    assert result.output.startswith(f"Usage: main {name}")


def test_an_unknown_command_is_a_usage_error() -> None:
    result = run("wander")
    assert result.exit_code == 2
    assert "No such command" in result.output


# --- check ----------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's content, to change."""
    root = tmp_path / "project"
    (root / "data").mkdir(parents=True)
    shutil.copy(PROJECT / "domain.yml", root)
    for part in ("guidance", "nlu"):
        shutil.copytree(PROJECT / "data" / part, root / "data" / part)
    monkeypatch.setenv("WAYMARK_HOME", str(root))
    monkeypatch.setenv("WAYMARK_GUIDANCE", str(root / "data" / "guidance"))
    return root


def test_the_content_as_it_is_has_no_error() -> None:
    result = run("check")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1].startswith("0 errors, ")


def test_an_error_is_shown_with_its_place_and_ends_with_1(project: Path) -> None:
    path = project / "data" / "guidance" / "contacts.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("purpose: Adults who are worried", "purpose: Adults of 01632 960999", 1),
        encoding="utf-8",
    )
    result = run("check")
    assert result.exit_code == 1
    assert "contact nspcc-helpline" in result.output
    assert "the number 01632 960999 is not in contacts.yml" in result.output
    assert result.output.splitlines()[-1].startswith("1 errors, ")


def test_a_reason_with_brackets_is_shown_as_it_is(project: Path) -> None:
    path = project / "data" / "guidance" / "routes" / "luton.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("areas: [luton]", "areas: ['[/]']", 1), encoding="utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert "routes/luton.yml, line 2" in result.output


def test_a_warning_alone_ends_well(project: Path) -> None:
    path = project / "data" / "guidance" / "contacts.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  last_checked: 2026-06-30\n", "", 1), encoding="utf-8")
    result = run("check")
    assert result.exit_code == 0
    assert "was never checked" in result.output
    assert "0 errors, " in result.output


def test_guidance_that_cannot_be_loaded_is_a_sentence_with_file_and_line(project: Path) -> None:
    path = project / "data" / "guidance" / "areas.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("contacts: [luton-referral]", "contacts: [luton]"), encoding="utf-8"
    )
    line = text[: text.index("contacts: [luton-referral]")].count("\n") + 1
    result = run("check")
    assert result.exit_code == 1
    assert f"areas.yml, line {line} " in result.output
    assert "names the contact “luton”, which does not exist" in result.output
    assert result.output.splitlines()[-1] == "1 errors, 0 warnings"
    assert "Traceback" not in result.output


def test_copied_text_is_found_in_the_folder_that_is_named(project: Path, tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    short = next(
        line.split('short: "', 1)[1].rstrip('"')
        for line in (project / "data/guidance/topics/missing.yml").read_text().splitlines()
        if 'short: "' in line and len(line.split()) > 16 and "“" not in line
    )
    (documents / "one.txt").write_text(short, encoding="utf-8")
    result = run("check", "--against", str(documents))
    assert result.exit_code == 1
    assert "copied from one.txt" in result.output


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    assert run("check", "--against", str(tmp_path / "gone")).exit_code == 2


# --- serve ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["contacts.yml", "indicator_phrases.yml", "privacy.yml", "routes/derby.yml", "screening.yml"]
)  # fmt: skip
def test_a_broken_file_stops_the_start_with_file_line_and_reason(project: Path, name: str) -> None:
    path = project / "data" / "guidance" / name
    lines = path.read_text(encoding="utf-8").count("\n")
    with path.open("a", encoding="utf-8") as file:
        file.write("]\n")
    result = run("serve", "--port", "0")
    assert result.exit_code == 1
    assert f"{name}, line {lines + 1}: not valid YAML" in result.output
    assert "train" not in result.output.lower()


def test_a_setting_that_is_not_understood_stops_the_start(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYMARK_KEEP_UNANSWERED", "maybe")
    result = run("serve", "--port", "0")
    assert result.exit_code == 1
    assert "WAYMARK_KEEP_UNANSWERED is “yes” or “no”" in result.output


# --- lines of JSON --------------------------------------------------------------------------------


def test_a_line_that_is_no_json_gets_a_line_and_the_others_are_answered() -> None:
    result = run("route", given='{"area": "luton"}\n\n{"area": "luton"\n{"area": "derby"}\n')
    assert result.exit_code == 1
    first, second, third = map(json.loads, result.stdout.splitlines())
    assert "Luton" in first["text"]
    assert second["error"].startswith("line 3 is not JSON: ")
    assert third["steps"]


def test_danger_leads_with_999_whatever_else_a_case_tells() -> None:
    danger = ('"yes"', '"Yes"', "true")
    given = [
        f'{{"area": "{area}", "level": "{level}", "immediate_danger": {value}}}'
        for area in ("derby", "derbyshire", "luton", "hartlepool")
        for level in ("low", "medium", "high")
        for value in danger
    ]
    result = run("route", given="\n".join(given) + "\n")
    assert result.exit_code == 0
    routes = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(routes) == len(given)
    for route in routes:
        assert route["text"].startswith("Ring 999 now.")
        assert route["steps"][0].startswith("Ring 999 now.")
        assert route["contacts"][0]["number"] == "999"


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ('{"area": "derby", "level": "high", "immediate danger": "yes"}', True),
        ('{"area": "Derbee", "immediate_danger": "yes"}', True),
        ('{"area": "derby", "level": "very high", "Immediate-Danger": true}', True),
        ('{"area": "derby", "immediate_danger": "she is locked in"}', True),
        ('{"area": "derby", "level": "very high", "immediate_danger": "no"}', False),
        ('{"area": "derby", "level": "very high", "immediate_danger": null}', False),
        ('["immediate_danger"]', False),
    ],
)
def test_a_case_that_cannot_be_read_and_tells_danger_leads_with_999(line: str, first: bool) -> None:
    result = run("route", given=f"{line}\n")
    assert result.exit_code == 1
    error = json.loads(result.stdout)["error"]
    assert error.startswith("Ring 999 now. ") is first
    assert "line 1 is not a case: " in error


def test_a_line_that_is_no_text_is_one_that_is_no_json() -> None:
    given = b'{"area": "luton"}\n\xff\xfe\n{"area": "derby"}\n'
    result = CliRunner().invoke(main, ["route"], input=given)
    assert [set(json.loads(line)) == {"error"} for line in result.stdout.splitlines()] == [
        False, True, False,
    ]  # fmt: skip
    redacted = CliRunner().invoke(main, ["redact"], input=b"ring 07700 900123\n\xff\nthanks\n")
    assert redacted.exit_code == 0
    lines = redacted.stdout.splitlines()
    assert "900123" not in lines[0]
    assert lines[2] == "thanks"


def test_bad_lines_of_conversations_do_not_hold_up_the_others(engine: Engine) -> None:
    said: list[dict[str, object]] = []
    lines: list[tuple[int, object, str | None]] = [
        (1, None, "line 1 is not JSON: Expecting value"),
        (2, "luton", None),
        (3, {"turns": "hello"}, None),
        (4, {"area": "atlantis", "turns": ["who do I ring?"]}, None),
        (5, {"area": "luton", "turns": ["who do I ring?"]}, None),
    ]
    asyncio.run(answer_lines(engine, lines, said.append))
    assert [set(one) for one in said] == [
        {"error"}, {"error"}, {"error"}, {"replies", "note"}, {"replies"}
    ]  # fmt: skip
    assert "line 2 is not a conversation" in str(said[1]["error"])
    assert "“atlantis” is no area" in str(said[3]["note"])
    assert "01582 547653" in str(said[4]["replies"])
    assert "01582 547653" not in str(said[3]["replies"])


def test_conversations_are_answered_only_with_the_model_that_was_trained(
    project: Path,
) -> None:
    (project / "models").mkdir()
    model, learned = archive_of(project), learned_file(project)
    for path in (model, learned):
        path.write_bytes(b"a model that somebody put there")
    line = '{"area": "luton", "turns": ["who do I ring?"]}\n'
    refused = run("ask", given=line)
    assert refused.exit_code == 1
    assert "cannot be checked" in refused.output
    record_hash(model)
    model.write_bytes(b"another model")
    refused = run("ask", given=line)
    assert refused.exit_code == 1
    assert "is not the file that was trained" in refused.output
    assert "waymark train --force" in refused.output
    assert "Traceback" not in refused.output
    record_hash(model)
    refused = run("ask", given=line)
    assert refused.exit_code == 1
    assert f"The model {learned.name} cannot be checked" in refused.output


def test_a_model_that_is_whole_and_sound_is_not_trained_again(project: Path) -> None:
    (project / "models").mkdir()
    for path in (archive_of(project), learned_file(project)):
        path.write_bytes(b"a model")
        record_hash(path)
    result = run("train")
    assert result.exit_code == 0, result.output
    assert result.output == f"The model is current: models/{archive_of(project).name}\n"


def test_a_case_in_a_route_out() -> None:
    case = {"area": "derby", "role": "teacher", "level": "medium", "now": "2026-11-20T10:00"}
    result = run(
        "route", given=json.dumps(case) + "\n\n" + json.dumps({"area": "wiltshire"}) + "\n"
    )
    assert result.exit_code == 0, result.output
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    for route in (first, second):
        assert set(route) >= {"text", "steps", "contacts", "deadlines", "sources"}
        assert route["sources"]
    assert first["text"].startswith("Refer")
    assert first["deadlines"]
    assert "Wiltshire" in second["text"]


@pytest.mark.parametrize(
    "case", [{"area": "leeds"}, {"colour": "red"}, {"under_13": "perhaps"}, ["luton"], "luton"]
)
def test_a_case_that_is_none_is_a_sentence_with_its_line(case: object) -> None:
    result = run("route", given=json.dumps(case) + "\n")
    assert result.exit_code != 0
    assert "line 1" in result.output
    assert "Traceback" not in result.output

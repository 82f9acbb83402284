"""The built script: small, current with its source, and whole in words."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.channels import widget_script
from bot.channels.widget_script import WidgetError, directory
from bot.guidance.load import load_guidance
from bot.serving.models import project_folder

SOURCE = project_folder() / "widget"
BUILT = project_folder() / "bot" / "channels" / "page" / "widget.js"
#: Bytes of script and style together, compressed.
MOST = 20_000


def test_script_and_style_are_at_most_20_kb() -> None:
    sent = gzip.compress(widget_script.widget_script(load_guidance()), mtime=0)
    print(f"\nwidget.js: {len(sent):,} bytes gzip, of {MOST:,}")
    assert len(sent) <= MOST
    assert b"adoptedStyleSheets" in BUILT.read_bytes()  # the style is in it


def test_the_built_file_is_current() -> None:
    named = re.match(rb"/\* .* Source ([0-9a-f]{16}) \*/", BUILT.read_bytes())
    files = [path for folder in ("src", "strings") for path in (SOURCE / folder).iterdir()]
    files += [
        SOURCE / name
        for name in ("build.mjs", "package-lock.json", "package.json", "tsconfig.json")
    ]
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.relative_to(SOURCE).as_posix()):
        digest.update(f"{path.relative_to(SOURCE).as_posix()}\0".encode())
        digest.update(path.read_bytes() + b"\0")
    assert named
    assert named[1].decode() == digest.hexdigest()[:16], "cd widget && npm ci && npm run build"


@pytest.mark.skipif(not shutil.which("node"), reason="Node is not there: the hash above stands")
def test_building_again_gives_the_same_bytes() -> None:
    if not (SOURCE / "node_modules" / "esbuild").exists():
        pytest.skip("the bundler is not installed (cd widget && npm ci): the hash above stands")
    built = subprocess.run(
        ["node", "build.mjs", "--stdout"], cwd=SOURCE, capture_output=True, check=True
    )
    assert built.stdout == BUILT.read_bytes()


def test_the_types_are_right() -> None:
    compiler = SOURCE / "node_modules" / ".bin" / "tsc"
    if not shutil.which("node") or not compiler.exists():
        pytest.skip("the compiler is not installed (cd widget && npm ci)")
    checked = subprocess.run([compiler, "--noEmit"], cwd=SOURCE, capture_output=True, text=True)
    assert not checked.returncode, checked.stdout


def test_it_uses_nothing_that_a_strict_policy_forbids() -> None:
    script = BUILT.read_text("utf-8")
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert forbidden not in script
    assert "new Function" not in script
    named = set(re.findall(r"https?://([\w.]+)", script))
    assert named == {"www.w3.org", "www.bbc.co.uk"}  # a name of SVG, and where leaving goes


@pytest.mark.parametrize(
    "path", sorted((SOURCE / "strings").glob("*.json")), ids=lambda one: one.stem
)
def test_a_language_file_has_the_same_places_as_english(path: Path) -> None:
    english = json.loads((SOURCE / "strings" / "en.json").read_text("utf-8"))
    words = json.loads(path.read_text("utf-8"))
    assert set(words) <= set(english)
    assert set(words.get("errors", {})) <= set(english["errors"])
    for key, sentence in words.items():
        if isinstance(sentence, str):
            places = set(re.findall(r"\{\w+\}", sentence))
            assert places == set(re.findall(r"\{\w+\}", english[key])), key


def test_every_string_is_used() -> None:
    english = json.loads((SOURCE / "strings" / "en.json").read_text("utf-8"))
    source = "".join(path.read_text("utf-8") for path in (SOURCE / "src").glob("*.ts"))
    for key in english:
        stem = re.sub(r"_(one|many)$", "", key)
        assert re.search(rf'"{stem}"|"{key}"|words\.{key}\b', source), f"{key} is not used"


# The areas in it


def test_every_area_is_in_the_script_with_numbers_of_its_own() -> None:
    guidance = load_guidance()
    listed = directory(guidance)
    assert [area["id"] for area in listed["areas"]] == list(guidance.areas)
    for area in listed["areas"]:
        own = guidance.areas[area["id"]]
        assert set(area["contacts"]) <= {*own.contacts, *own.out_of_hours}
    assert listed["contacts"]["emergency"]["number"] == "999"
    for name, card in listed["contacts"].items():
        assert card["number"] == guidance.contacts[name].number
    script = widget_script.widget_script(guidance).decode()
    assert "@@waymark@@" not in script
    assert "01582" in script


@pytest.mark.parametrize("damage", [None, b"no place for the areas"])
def test_a_missing_or_damaged_script_is_said(
    damage: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(widget_script, "PAGE", tmp_path)
    if damage is not None:
        (tmp_path / "widget.js").write_bytes(damage)
    with pytest.raises(WidgetError, match="npm run build"):
        widget_script.widget_script(load_guidance())

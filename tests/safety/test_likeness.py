"""What is learned from examples, how it is kept, and what serves when the examples change."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.safety.learning import kept_at, learned
from bot.safety.likeness import HEADS, Example, Likeness, Told
from bot.safety.words import Safety, Words

DANGER = ["he is hurting her now", "she is locked in his flat", "they have taken him now"]
ORDINARY = ["what are the signs", "who do i ring in luton", "which form is it", "who chairs"]
EXAMPLES = [Example(Told(f" {text} "), frozenset({"danger", "writer"})) for text in DANGER] + [
    Example(Told(f" {text} ")) for text in ORDINARY
]
OTHERS = [
    Example(Told(f" {head} "), frozenset({head})) for head in HEADS if head not in ("danger",)
]


def tell(text: str) -> Told:
    return Told(f" {text} ")


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    return Likeness.fit([*EXAMPLES, *OTHERS], None)


def odds(likeness: Likeness, text: str) -> float:
    return likeness.of([tell(text)], None)[0]["danger"]


def test_what_is_like_danger_is_told_from_what_is_not(likeness: Likeness) -> None:
    assert odds(likeness, "he is hurting him in his flat") > 0
    assert odds(likeness, "who do i ring in derby") < 0


def test_each_text_has_its_own_odds_whatever_stands_beside_it(likeness: Likeness) -> None:
    texts = [tell(text) for text in (*DANGER, *ORDINARY, "")]
    together = likeness.of(texts, None)
    for text, found in zip(texts, together, strict=True):
        assert found == pytest.approx(likeness.of([text], None)[0], abs=1e-4)


def test_what_is_kept_is_what_was_learned(likeness: Likeness, tmp_path: Path) -> None:
    likeness.save(tmp_path / "kept.npz")
    kept = Likeness.load(tmp_path / "kept.npz")
    assert kept is not None
    assert odds(kept, DANGER[0]) == pytest.approx(odds(likeness, DANGER[0]))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a whole file", b"\x00" * 500])
def test_a_damaged_file_is_learned_again(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "kept.npz"
    path.write_bytes(content)
    assert Likeness.load(path) is None


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A guidance folder with a few examples."""
    folder = tmp_path / "data" / "guidance" / "safety"
    folder.mkdir(parents=True)
    (tmp_path / "data" / "nlu").mkdir()
    for name, kind, lines in (
        ("direct", "kind: immediate_danger", DANGER),
        ("asked", "kind: immediate_danger\nasked: true", ["what do i do in danger"]),
        ("self_harm", "kind: self_harm", ["she has taken pills"]),
        ("child", "kind: child_writing", ["he touches me"]),
        ("own", "kind: own_thoughts", ["i have these thoughts"]),
        ("colleague", "kind: colleague_allegation", ["a teacher kissed her"]),
        ("parent", "kind: parent_or_public", ["my daughter has a man"]),
        ("ordinary", "", ORDINARY),
    ):
        phrases = "".join(f"  {line}\n" for line in lines)
        text = f"name: {name}\nwhat: For a test\n{kind}\nphrases: |\n{phrases}"
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path / "data" / "guidance"


@pytest.fixture
def words(safety: Safety) -> Words:
    return safety.watch


def test_older_learning_serves_until_it_is_renewed(root: Path, words: Words) -> None:
    first = learned(root, words, tell, None)
    assert kept_at(root, words, False).is_file()
    path = root / "safety" / "direct.yml"
    path.write_text(path.read_text("utf-8") + "  fire in the attic\n", encoding="utf-8")
    assert odds(learned(root, words, tell, None), "fire in the attic") == pytest.approx(
        odds(first, "fire in the attic")
    )
    renewed = learned(root, words, tell, None, fresh=True)
    assert odds(renewed, "fire in the attic") > odds(first, "fire in the attic")
    assert [path.name for path in (root.parent.parent / "models").glob("likeness-*")] == [
        kept_at(root, words, False).name
    ]

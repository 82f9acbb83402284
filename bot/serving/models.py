"""The trained model: where it is, whether it is current, and training it."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import logging
import multiprocessing
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

#: Files and folders that a model is trained from, relative to the project's folder.
TRAINED_FROM = ("config.yml", "domain.yml", "data/nlu", "data/rules", "data/stories",
                "data/guidance/topics", "data/guidance/vocabulary.yml", "bot/nlu",
                # the watch learns with the model
                "data/guidance/safety", "data/guidance/safety.yml")  # fmt: skip

#: How the line of a step of training begins.
STEP = "Training:"
_OF_DANGER = f"{STEP} what danger sounds like (two minutes or so) …"
#: What each component that takes a while learns, by its name.
_NAMED = {
    "TopicClassifier": "what people ask (four minutes or so)",
    "RulePolicy": "what a conversation does",
}

#: Told a step of training in words.
Say = Callable[[str], None]


def _nothing(step: str) -> None:
    """Say nothing."""


class ModelError(Exception):
    """A model cannot be trained or loaded; the text says what to do."""


def project_folder() -> Path:
    """The project's folder: WAYMARK_HOME, or the one that holds this package."""
    chosen = os.environ.get("WAYMARK_HOME")
    return Path(chosen) if chosen else Path(__file__).parents[2]


def fingerprint(root: Path) -> str:
    """A hash of everything that a model is trained from."""
    digest = hashlib.sha256()
    for name in TRAINED_FROM:
        path = root / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and file.suffix in {".yml", ".py"}:
                digest.update(file.relative_to(root).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def archive_of(root: Path) -> Path:
    """Where the archive trained from the present files is, or would be."""
    return root / "models" / f"waymark-{fingerprint(root)[:16]}.tar.gz"


def learned_file(root: Path) -> Path:
    """Where that part of the model is, or would be, which the watch for danger learned.

    Raises GuidanceError when the words of the watch cannot be read, and ModelError when
    WAYMARK_GUIDANCE names guidance for which the project's training is of no use.
    """
    from bot.safety import learned_at

    own = root / "data" / "guidance"
    kept = learned_at(own, own)
    chosen = Path(os.environ.get("WAYMARK_GUIDANCE") or own)
    if learned_at(chosen, own) != kept:
        raise ModelError(
            f"The words and examples of danger in {chosen} (safety.yml, safety/), or the training "
            f"phrases beside it, are not those in {own.parent}, from which the model is trained. "
            "Make them alike, by copying one over the other; then: .venv/bin/waymark train"
        )
    return kept


def current_model(root: Path) -> Path | None:
    """The archive trained from the present files; None where a file of the model is missing.

    Raises what `learned_file` does.
    """
    archive = archive_of(root)
    return archive if archive.is_file() and learned_file(root).is_file() else None


def hash_file(model: Path) -> Path:
    """Where the hash of a model is kept: beside it, as `sha256sum` writes it."""
    return model.with_name(f"{model.name}.sha256")


def record_hash(model: Path) -> None:
    """Write down the hash of a model that was just trained."""
    path = hash_file(model)
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(f"{_sha256(model)}  {model.name}\n", encoding="ascii")
    draft.replace(path)


def checked_model(model: Path) -> Path:
    """A file of the model, when it is the one that was trained.

    Raises ModelError when it was changed since, or when nothing says what it was.
    """
    again = "Train it anew: .venv/bin/waymark train --force"
    try:
        recorded = hash_file(model).read_text("ascii").split()[:1]
        found = _sha256(model)
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"The model {model.name} cannot be checked ({type(error).__name__}): the file beside "
            f"it that holds its hash, or the model itself, cannot be read. {again}"
        ) from error
    if recorded != [found]:
        raise ModelError(
            f"The model {model.name} is not the file that was trained: it was changed or damaged "
            f"since, so it is not loaded. {again}"
        )
    return model


def is_sound(model: Path) -> bool:
    """Whether a file of the model is there, and the one that was trained."""
    try:
        return checked_model(model) == model
    except ModelError:
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _guidance_of(root: Path) -> Iterator[None]:
    """Have guidance read from the project at `root`, which the fingerprint is of."""
    before = {name: os.environ.pop(name, None) for name in ("WAYMARK_GUIDANCE", "WAYMARK_HOME")}
    os.environ["WAYMARK_HOME"] = str(root)
    try:
        yield
    finally:
        del os.environ["WAYMARK_HOME"]
        os.environ.update({name: value for name, value in before.items() if value is not None})


def train_apart(root: Path, say: Say = _nothing) -> Path:
    """Train what is missing in a process of its own, so that only training has what it needs.

    `say` is told each step. Raises ModelError with what that process said when it fails.
    """
    learned_file(root)  # before minutes are spent on what would be of no use
    with subprocess.Popen(  # our own command line, nothing that was typed
        [sys.executable, "-c", "from bot.cli import main; main()", "train"],
        env=os.environ | {"WAYMARK_HOME": str(root)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said: list[str] = []
        for line in filter(None, map(str.strip, process.stderr)):
            if line.startswith(STEP):
                say(line)
            else:
                said.append(line)
    path = current_model(root)
    if process.returncode or path is None:
        _, error, reason = "\n".join(["", *said]).rpartition("\nError: ")
        raise ModelError(reason if error else (said or ["Training failed."])[-1])
    return path


def train_model(root: Path, say: Say = _nothing) -> Path:
    """Train a model from the project's files and remove those it replaces.

    `say` is told each step. Raises ModelError when Rasa refuses the files.
    """
    _needs_training()
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    import rasa.model_training

    folder = root / "models"
    folder.mkdir(exist_ok=True)
    path = archive_of(root)
    advice = "“.venv/bin/rasa data validate” shows what is wrong."
    try:
        with _guidance_of(root), _watch_learns_beside(root, say), steps_of_rasa(say):
            result = rasa.model_training.train(
                domain=str(root / "domain.yml"),
                config=str(root / "config.yml"),
                training_files=[str(root / "data" / part) for part in ("nlu", "rules", "stories")],
                output=str(folder),
                fixed_model_name=path.name.removesuffix(".tar.gz"),
                # Rasa's own cache knows neither the topics nor the modules beside the components
                force_training=True,
            )
    except Exception as error:  # Rasa raises what its libraries do: for a file, or a full disk
        raise ModelError(f"Training failed. {error}\n{advice}") from error
    if result.model is None:
        raise ModelError(f"Training failed. {advice}")
    path = Path(result.model)
    record_hash(path)
    _only(path, "waymark-*.tar.gz*")
    # where it did not learn beside, it says here what it lacks
    train_watch(root, say)
    return path


@contextlib.contextmanager
def _watch_learns_beside(root: Path, say: Say) -> Iterator[None]:
    """Meanwhile have the watch for danger learn, in a process of its own: half of what Rasa does
    keeps one core busy. Ends when both are done, or at once when what is done meanwhile fails.
    """
    beside = multiprocessing.get_context("spawn").Process(
        target=_learn_beside, args=(root,), daemon=True
    )
    beside.start()
    try:
        yield
        if beside.is_alive():
            say(_OF_DANGER)
        beside.join()
    finally:
        beside.terminate()
        beside.join()


def _learn_beside(root: Path) -> None:
    # nobody is told here; `train_watch` is called again, and says what is wrong
    with contextlib.suppress(Exception):
        train_watch(root)


def train_watch(root: Path, say: Say = _nothing) -> Path:
    """Have the watch for danger learn where it has not, or not soundly, and give its file.

    `say` is told of it. Raises ModelError when it cannot.
    """
    from bot.safety import prepare

    with _guidance_of(root):
        kept = learned_file(root)
        if not is_sound(kept):
            _needs_training()
            say(_OF_DANGER)
            kept.unlink(missing_ok=True)  # a file that cannot be trusted is not learned from
            prepare()
    if not kept.is_file():
        raise ModelError(f"What was learned cannot be written to {kept.parent}.")
    record_hash(kept)
    _only(kept, "likeness-*.npz*")
    return kept


def _needs_training() -> None:
    if importlib.util.find_spec("sklearn") is None:
        raise ModelError(
            "Training needs packages that this installation goes without. Run “uv sync”, or copy "
            "the folder “models” from where it was trained."
        )


def _only(path: Path, alike: str) -> None:
    """Remove the files beside `path` that it replaces."""
    for other in path.parent.glob(alike):
        if other not in {path, hash_file(path)}:
            other.unlink(missing_ok=True)


@contextlib.contextmanager
def steps_of_rasa(say: Say) -> Iterator[None]:
    """Tell each component that Rasa trains as a step, in words."""
    log = logging.getLogger("rasa.engine.training.hooks")
    before, handler = (log.level, log.propagate), _Steps(say)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(before[0])
        log.propagate = before[1]


class _Steps(logging.Handler):
    """Rasa's line for each component, as a step."""

    def __init__(self, say: Say) -> None:
        super().__init__()
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Say the step that begins."""
        named = re.match(r"Starting to train component '(\w+)'", record.getMessage())
        if named and named.group(1) in _NAMED:
            self._say(f"{STEP} {_NAMED[named.group(1)]} …")

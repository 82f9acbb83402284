"""The trained model: where it is, whether it is current, and training it."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.guidance.load import guidance_folder

#: Files and folders that a model is trained from, relative to the project's folder.
TRAINED_FROM = ("config.yml", "domain.yml", "data/nlu", "data/rules", "data/stories",
                "data/guidance/topics", "data/guidance/vocabulary.yml", "bot/nlu",
                # the watch learns with the model
                "data/guidance/safety", "data/guidance/safety.yml")  # fmt: skip


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


def current_model(root: Path) -> Path | None:
    """The newest model trained from the present files, or None."""
    path = root / "models" / f"waymark-{fingerprint(root)[:16]}.tar.gz"
    return path if path.is_file() else None


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
    """The model, when it is the file that was trained.

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


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _guidance_of(root: Path) -> Iterator[None]:
    """Have guidance read from the project at `root`, which the fingerprint is of."""
    before = os.environ.get("WAYMARK_GUIDANCE")
    own = root / "data" / "guidance"
    if guidance_folder().resolve() != own.resolve():
        os.environ["WAYMARK_GUIDANCE"] = str(own)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("WAYMARK_GUIDANCE", None)
        else:
            os.environ["WAYMARK_GUIDANCE"] = before


def train_apart(root: Path) -> Path:
    """Train in a process of its own, so that what only training needs is not left in this one.

    Raises ModelError with what that process said when it fails.
    """
    done = subprocess.run(  # our own command line, nothing that was typed
        [sys.executable, "-c", "from bot.cli import main; main()", "train", "--force"],
        env=os.environ | {"WAYMARK_HOME": str(root)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    path = current_model(root)
    if done.returncode or path is None:
        said = [line for line in done.stderr.splitlines() if line.strip()][-1:]
        raise ModelError(said[0].removeprefix("Error: ") if said else "Training failed.")
    return path


def train_model(root: Path) -> Path:
    """Train a model from the project's files and remove those it replaces.

    Raises ModelError when Rasa refuses the files.
    """
    if importlib.util.find_spec("sklearn") is None:
        raise ModelError(
            "Training needs packages that this installation goes without. Run “uv sync”, or copy "
            "the folder “models” from where it was trained."
        )
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    import rasa.model_training

    from bot.safety import prepare

    folder = root / "models"
    folder.mkdir(exist_ok=True)
    name = f"waymark-{fingerprint(root)[:16]}"
    with _guidance_of(root):
        result = rasa.model_training.train(
            domain=str(root / "domain.yml"),
            config=str(root / "config.yml"),
            training_files=[str(root / "data" / part) for part in ("nlu", "rules", "stories")],
            output=str(folder),
            fixed_model_name=name,
            # Rasa's own cache knows neither the topics nor the modules beside the components
            force_training=True,
        )
        # the watch learns now, so that no start has to wait for it
        prepare()
    if result.model is None:
        raise ModelError("Training failed. “.venv/bin/rasa data validate” shows what is wrong.")
    path = Path(result.model)
    record_hash(path)
    for other in folder.glob("waymark-*.tar.gz*"):
        if other not in {path, hash_file(path)}:
            other.unlink()
    return path

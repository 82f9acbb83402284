"""Loads the model into an engine, after each of its files was checked by hash."""

from __future__ import annotations

from pathlib import Path

from bot.guidance.files import GuidanceError
from bot.serving.engine import Engine
from bot.serving.lean import LeftOutError
from bot.serving.models import ModelError, checked_model, learned_file, project_folder
from bot.store.errors import StoreError
from bot.store.trackers import SqlTrackers


def load_engine(model: Path, trackers: SqlTrackers | None = None) -> Engine:
    """The engine with the archive `model`, and what the watch learned beside it.

    Raises ModelError, which says what to do, when a file of the model is missing, is not the one
    that was trained or cannot be loaded; and GuidanceError or StoreError as they come.
    """
    checked_model(model)
    kept = learned_file(project_folder())
    if not kept.is_file():
        raise ModelError(
            f"What the watch for danger learned is missing ({kept.parent.name}/{kept.name}). "
            "Learn it: .venv/bin/waymark train"
        )
    checked_model(kept)
    try:
        return Engine.load(model, trackers)
    except (GuidanceError, ModelError, StoreError):
        raise
    except (LeftOutError, ImportError) as error:
        raise ModelError(
            f"The model {model.name} was not trained to the end ({type(error).__name__}). "
            "Train it: .venv/bin/waymark train --force"
        ) from error
    except Exception as error:
        raise ModelError(
            f"The model {model.name} cannot be loaded ({type(error).__name__}). "
            "Train it anew: .venv/bin/waymark train --force"
        ) from error

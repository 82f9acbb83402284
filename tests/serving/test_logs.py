"""The log as JSON lines holds what an operator needs, and nothing that was typed."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot.serving.logs import SETTING, JsonLine, set_up_logs


@pytest.fixture
def restored() -> Iterator[logging.Handler]:
    """A handler of the root logger; the log is as it was afterwards."""
    root = logging.getLogger()
    before, configured = [(one, one.formatter) for one in root.handlers], structlog.get_config()
    handler = logging.StreamHandler(sys.stderr)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    for one, formatter in before:
        one.setFormatter(formatter)
    structlog.configure(**configured)


def line_of(name: str, message: str, *values: object, failed: bool = False) -> dict[str, str]:
    error = None
    if failed:
        try:
            raise ValueError("my mate Skye")
        except ValueError:
            error = sys.exc_info()
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, values, error)
    read: dict[str, str] = json.loads(JsonLine().format(record))
    return read


def test_our_own_message_is_kept() -> None:
    line = line_of("bot.serving.engine", "A turn failed: %s", "StoreError")
    assert line["message"] == "A turn failed: StoreError"
    assert (line["level"], line["module"]) == ("error", "bot.serving.engine")
    assert line["time"].endswith("+00:00")


def test_of_an_error_only_its_class_is_kept() -> None:
    line = line_of("bot.serving.engine", "A turn failed", failed=True)
    assert line["error"] == "ValueError"
    assert "Skye" not in json.dumps(line)


def test_a_librarys_message_is_left_out() -> None:
    line = line_of("rasa.core.processor", "received: my mate Skye", failed=True)
    assert set(line) == {"time", "level", "module", "error"}


def test_it_is_chosen_by_a_setting(
    restored: logging.Handler, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs({})
    assert not isinstance(restored.formatter, JsonLine)
    set_up_logs({SETTING: "json"})
    assert isinstance(restored.formatter, JsonLine)
    structlog.get_logger().error("rasa.processor.error", text="my mate Skye")
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert json.loads(last)["module"] == "rasa"
    assert "Skye" not in last

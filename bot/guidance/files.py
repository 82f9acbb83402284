"""Reads YAML guidance files into typed models, with the file, line and reason of what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

#: libyaml's safe loader where it is there: the same, several times faster.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Characters that YAML refuses.
_UNPRINTABLE = yaml.reader.Reader.NON_PRINTABLE


@dataclass(frozen=True)
class Problem:
    """Something wrong at one place of a guidance file."""

    file: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


class GuidanceError(Exception):
    """Guidance that cannot be used. `problems` says file, line and reason of each fault."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def _line_at(node: yaml.Node | None, path: Sequence[str | int]) -> int:
    """The line (from 1) of the deepest node that `path` reaches."""
    line = node.start_mark.line + 1 if node is not None else 1
    for step in path:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == step:
                    line, found = key.start_mark.line + 1, value
        elif (
            isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value)
        ):
            found = node.value[step]
            line = found.start_mark.line + 1
        if found is None:
            return line
        node = found
    return line


def _nodes(root: yaml.Node | None) -> Iterator[yaml.Node]:
    """Every node of a file, each once (an alias is the node that it stands for), in file order."""
    seen: set[int] = set()
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in reversed(node.value) for part in reversed(pair)]
        elif isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)


def _doubled_keys(root: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """Line and reason of each key that stands twice in one mapping: YAML keeps the last alone."""
    for node in _nodes(root):
        if not isinstance(node, yaml.MappingNode):
            continue
        known: set[tuple[str, str]] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if (key.tag, key.value) in known:
                yield key.start_mark.line + 1, f"the key “{key.value}” stands twice"
            known.add((key.tag, key.value))


def _constructed(loader: Any, root: yaml.Node | None) -> Any:
    """The values of a file. Raises ConstructorError, with its place, for one that cannot be."""
    if root is None:
        return None
    try:
        return loader.construct_document(root)
    except ValueError as error:
        for node in _nodes(root):
            if isinstance(node, yaml.ScalarNode):
                try:
                    _Loader("").construct_document(node)
                except ValueError as fault:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"“{node.value}”: {fault}", node.start_mark
                    ) from error
        raise


class LocatedFile:
    """One YAML file with its content and the line of every part of it.

    Raises GuidanceError when the file cannot be read or is not YAML.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise GuidanceError([Problem(path, 1, f"cannot be read: {error}")]) from error
        if found := _UNPRINTABLE.search(text):  # libyaml does not say on which line
            line = text.count("\n", 0, found.start()) + 1
            reason = f"not valid YAML: the character U+{ord(found.group()):04X} must be removed"
            raise GuidanceError([Problem(path, line, reason)])
        try:
            loader = _Loader(text)
            self._root: yaml.Node | None = loader.get_single_node()
            doubled = [Problem(path, *one) for one in sorted(_doubled_keys(self._root))]
            if doubled:
                raise GuidanceError(doubled)
            self.content = _constructed(loader, self._root)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or "not valid YAML"
            line = mark.line + 1 if mark else 1
            raise GuidanceError([Problem(path, line, f"not valid YAML: {reason}")]) from error

    def line(self, *path: str | int) -> int:
        """The line of the part at `path`, e.g. `line(3, "answers", 0, "short")`."""
        return _line_at(self._root, path)

    def problem(self, reason: str, *path: str | int) -> Problem:
        """A Problem at the line of `path`."""
        return Problem(self.path, self.line(*path), reason)

    def one[M: BaseModel](self, model: type[M]) -> M:
        """The whole file as one `model`. Raises GuidanceError with every fault in it."""
        try:
            return model.model_validate(self.content)
        except ValidationError as error:
            raise GuidanceError(self._faults(error)) from error

    def many[M: BaseModel](self, model: type[M]) -> list[M]:
        """The file as a list of `model`. Raises GuidanceError with every fault of every entry."""
        if not isinstance(self.content, list):
            raise GuidanceError(
                [Problem(self.path, 1, "must be a list of entries (each with “- ”)")]
            )
        entries: list[M] = []
        problems: list[Problem] = []
        for index, raw in enumerate(self.content):
            try:
                entries.append(model.model_validate(raw))
            except ValidationError as error:
                problems += self._faults(error, index)
        if problems:
            raise GuidanceError(problems)
        return entries

    def _faults(self, error: ValidationError, *prefix: str | int) -> list[Problem]:
        return [
            self.problem(
                f"{'.'.join(str(part) for part in fault['loc']) or 'entry'}: {fault['msg']}",
                *prefix,
                *(part for part in fault["loc"] if isinstance(part, str | int)),
            )
            for fault in error.errors()
        ]

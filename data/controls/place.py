"""Where in a YAML text a key stands.

A definition is plain YAML: keys, lists and values, each said once. So the text is read event by
event, with the line of each; what could surprise a reader (a key said twice, an alias, a tag, a
second document) is refused where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from data.configuration.place import Step

Steps = tuple[Step, ...]

_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 20
_PLAIN_ONLY = "write the value itself, plainly"


class NotPlain(ValueError):
    """A text is not YAML, or more than a definition needs."""

    def __init__(self, what: str, line: int, fix: str) -> None:
        super().__init__(f"line {line}: {what}; {fix}")
        self.what = what
        self.line = line
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Document:
    """What a text says, and on which line it says it.

    Attributes:
        content: its keys and their values, of the types that JSON has, and days.
    """

    content: dict[str, Any]
    _lines: Mapping[Steps, int]
    _blocks: Mapping[Steps, int]

    def line_of(self, steps: Sequence[Step], row: int = 1) -> int:
        """The line (from 1) on which a key or item begins, or else the nearest above it.

        Args:
            steps: what leads there, such as `("clauses", 3, "title")`.
            row: of a text of several lines, below `|`: which of them, from 1.
        """
        path = tuple(steps)
        if path in self._blocks:
            return self._blocks[path] + row
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def parse(text: str) -> Document:
    """Reads a text.

    Raises:
        NotPlain: naming the line.
    """
    if found := yaml.reader.Reader.NON_PRINTABLE.search(text):
        what = f"a character that is no text: {found[0]!a}"
        raise NotPlain(what, text.count("\n", 0, found.start()) + 1, "take it out")
    reader = _Reader(text)
    try:
        content = reader.document()
    except yaml.MarkedYAMLError as error:
        said = error.problem or error.context or "it cannot be read"
        raise NotPlain(f"not valid YAML: {said}", _broken_at(error, text), "mend it") from error
    return Document(content, reader.lines, reader.blocks)


class _Reader:
    """Makes the content of a text from what the parser tells, and remembers lines."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_PARSER)
        self._values: Any = yaml.SafeLoader("")
        self.lines: dict[Steps, int] = {}
        self.blocks: dict[Steps, int] = {}

    def document(self) -> dict[str, Any]:
        next(self._events)  # the stream begins
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise NotPlain("the file is empty", 1, "write the definition into it")
        content = self._node(next(self._events), ())
        next(self._events)  # the document ends
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise NotPlain("a second document begins", _line(after), "give it a file of its own")
        if content is None:
            raise NotPlain("the file is empty", 1, "write the definition into it")
        if not isinstance(content, dict):
            raise NotPlain("no keys, but a list or a value", 1, "write `key: …`, one a line")
        return content

    def _node(self, event: yaml.Event, steps: Steps) -> Any:
        _refuse_more(event, steps)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(steps)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(steps)
        if isinstance(event, yaml.ScalarEvent) and event.style == "|":
            self.blocks[steps] = _line(event)
        return self._value(event)

    def _mapping(self, steps: Steps) -> dict[str, Any]:
        content: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            _refuse_more(event, steps)
            if not isinstance(event, yaml.ScalarEvent):
                raise NotPlain("a key that is no word", _line(event), "write `key: …`")
            key = event.value
            if key in content:
                first = self.lines[(*steps, key)]
                what = f"key `{key}` is said twice, first on line {first}"
                raise NotPlain(what, _line(event), "leave one of them out")
            self.lines[(*steps, key)] = _line(event)
            content[key] = self._node(next(self._events), (*steps, key))
        return content

    def _sequence(self, steps: Steps) -> list[Any]:
        content: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            path = (*steps, len(content))
            self.lines[path] = _line(event)
            content.append(self._node(event, path))
        return content

    def _value(self, event: Any) -> Any:
        tag = self._values.resolve(yaml.ScalarNode, event.value, event.implicit)
        try:
            return self._values.construct_object(yaml.ScalarNode(tag, event.value))
        except (ValueError, yaml.constructor.ConstructorError) as error:
            what = f"`{event.value[:40]}` is no value"
            raise NotPlain(what, _line(event), "write it in quotes, or mend it") from error


def _refuse_more(event: Any, steps: Steps) -> None:
    """Refuses what a definition has no need of, and a hostile file would use."""
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise NotPlain(f"an alias or anchor `{event.anchor}`", _line(event), _PLAIN_ONLY)
    if getattr(event, "tag", None) not in (None, "!"):
        raise NotPlain(f"a tag `{event.tag}`", _line(event), _PLAIN_ONLY)
    if len(steps) > _DEEPEST:
        raise NotPlain("nested too deeply", _line(event), "mend it")


def _broken_at(error: yaml.MarkedYAMLError, text: str) -> int:
    """Where it is broken; of what is never closed, where it was opened."""
    mark, opened = error.problem_mark, error.context_mark
    is_open = mark is None or mark.index >= len(text) or "flow" in (error.context or "")
    mark = opened if is_open and opened is not None else mark
    return mark.line + 1 if mark is not None else 1


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1

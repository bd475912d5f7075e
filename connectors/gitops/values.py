"""Versions found in the text of a configuration file: images, Flux markers, expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Protocol

from connectors.gitops.pattern import Captures
from data.configuration import compiled
from data.model import GapReason

MAX_VERSION = 256
"""Characters of a version; what is longer is something else."""

_MAX_LINE = 1024
_IMAGE = re.compile(
    r"(?P<name>(?:[\w.-]+(?::\d+)?/)?[\w./-]+?)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>[a-z0-9+._-]+:[0-9a-fA-F]{32,}))?"
)
_MARKER = re.compile(
    r"""^(?P<line>[^#\n]*)\#[ \t]*\{[ \t]*"\$imagepolicy"[ \t]*:[ \t]*"
        (?P<policy>[^":\n]+:[^":\n]+)(?::(?P<part>\w+))?"[ \t]*\}""",
    re.MULTILINE | re.VERBOSE,
)
_SETTING = re.compile(r"""(?:.*[:=][ \t]+|.*=|[ \t]*-[ \t]+)?["']?(?P<text>[^\s"']+)["']?[ \t]*""")


@dataclass(frozen=True, slots=True)
class Value:
    """What a file sets: a version, and the image it is the tag of."""

    version: str
    """Tag, chart version or commit; the digest of an image that has no tag."""
    digest: str | None = None
    image: str | None = None
    """Registry and path, without tag and digest."""
    sha: str | None = None
    """Commit of the service's own repository, if the version names it."""

    def is_same(self, other: Value) -> bool:
        """Whether it stands for the same software: a digest counts where both have one."""
        if self.digest and other.digest and self.digest != other.digest:
            return False
        return self.version == other.version


@dataclass(frozen=True, slots=True)
class Found:
    """A value in a file, and what its place there says, such as the name of its policy."""

    value: Value
    captures: Captures = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unread:
    """Why the values of a file are not known: not the same as a file without values."""

    reason: GapReason
    detail: str


class NoImageError(ValueError):
    """A text stands where an image should, and is none: what runs there is not known."""


class Finder(Protocol):
    """One way to find the values of a file."""

    @property
    def names(self) -> frozenset[str]:
        """The placeholders that it gives beside each value."""

    def find(self, data: bytes) -> Sequence[Found] | Unread:
        """All values in the file's order; none if it has none."""


class FluxMarkers:
    """Values that Flux keeps up to date, marked by `# {"$imagepolicy": "namespace:policy"}`.

    Gives `{policy}`. A line that is commented out as a whole is no setting. The `:name` of an
    image is left aside: its `:tag`, on a line of its own, is the version.
    """

    names = frozenset({"policy"})

    def __init__(self, policy: str) -> None:
        """Takes the name of the policy, with or without its namespace; `*` stands for any."""
        self._policy = policy if ":" in policy else f"*:{policy}"

    def find(self, data: bytes) -> Sequence[Found] | Unread:
        """The marked values, without reading the file as YAML."""
        if b"$imagepolicy" not in data:
            return ()
        found: list[Found] = []
        try:
            for marker in _MARKER.finditer(text_of(data)):
                text = _setting(marker["line"])
                if text and fnmatchcase(marker["policy"], self._policy):
                    _add_marked(found, marker["policy"].partition(":")[2], marker["part"], text)
        except NoImageError as error:
            return Unread(GapReason.UNREADABLE, str(error))
        return found


class Expression:
    """Values by a regular expression with a group `version`, or `image` for a whole image.

    Its other named groups are placeholders. `^` and `$` stand for the ends of a line.
    """

    def __init__(self, expression: str) -> None:
        """Compiles the expression.

        Raises:
            ValueError: if it is wrong or has neither group.
        """
        try:
            self._regex = compiled(expression, re.MULTILINE)
        except ValueError as error:
            raise ValueError(f"{expression!r} {error}") from None
        groups = frozenset(self._regex.groupindex)
        if not groups & {"version", "image"}:
            raise ValueError(f"{expression!r} needs a group (?P<version>…) or (?P<image>…)")
        self.names = groups - {"version", "image", "digest"}

    def find(self, data: bytes) -> Sequence[Found] | Unread:
        """Every match, in order; one whose group took no part is none."""
        matches = (match.groupdict() for match in self._regex.finditer(text_of(data)))
        try:
            return [found for groups in matches for found in self._values(groups)]
        except NoImageError as error:
            return Unread(GapReason.UNREADABLE, str(error))

    def _values(self, groups: Mapping[str, str | None]) -> Iterator[Found]:
        given = {name: text for name, text in groups.items() if text}
        value = _matched(given)
        if value is not None:
            yield Found(value, {name: text for name, text in given.items() if name in self.names})


def image_value(text: str) -> Value | None:
    """Splits `registry:5000/path:tag@sha256:…`; None if it names neither tag nor digest.

    Raises:
        NoImageError: if it is something else.
    """
    text = text.strip()
    parts = _IMAGE.fullmatch(text) if len(text) <= _MAX_LINE else None
    if parts is None:
        raise NoImageError(f"`{text[:80]}` is no image")
    if not (parts["tag"] or parts["digest"]):
        return None
    return Value(parts["tag"] or parts["digest"], parts["digest"], parts["name"])


def plain_value(text: str) -> Value | None:
    """A version as it stands; None if it is empty or far too long for one."""
    text = text.strip()
    return Value(text) if text and len(text) <= MAX_VERSION else None


def text_of(data: bytes) -> str:
    """A file's text; bytes that are not UTF-8 are replaced."""
    return data.decode("utf-8", "replace")


def _setting(line: str) -> str:
    found = _SETTING.fullmatch(line) if len(line) <= _MAX_LINE else None
    return found["text"] if found else ""


def _add_marked(found: list[Found], policy: str, part: str | None, text: str) -> None:
    captures = {"policy": policy}
    if part == "digest" and found and found[-1].captures == captures:
        found[-1] = Found(replace(found[-1].value, digest=text), captures)
    elif part is not None and part != "name":
        found.append(Found(Value(text, digest=text if part == "digest" else None), captures))
    elif part is None and (value := image_value(text)):
        found.append(Found(value, captures))


def _matched(groups: Mapping[str, str]) -> Value | None:
    if "version" not in groups:
        return image_value(groups["image"]) if "image" in groups else None
    value = plain_value(groups["version"])
    return value and Value(value.version, groups.get("digest"), groups.get("image"))

"""Which files there are, what they hold now, and what says how they are read."""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pydantic import ValidationError

from connectors.interface import SourceUnavailable
from connectors.tables.settings import Layout, TableSettings
from connectors.tables.table import TableRefused
from data.configuration.mistake import explain
from data.durable import file_hash, write_whole

_MAPPING = ".toml"
_MOST_BYTES = 1_000_000


class Files:
    """The files of one source."""

    def __init__(self, settings: TableSettings, folder: Path, memory: Path) -> None:
        """Looks at nothing yet.

        Args:
            settings: those of the source.
            folder: where a relative path starts.
            memory: where the names of files are kept that were there once.
        """
        self._settings = settings
        self._folder = folder.absolute()
        self._known = memory / "files.json"

    def names(self) -> list[str]:
        """The files there are, and those that were there before: their rows have to go.

        Raises:
            SourceUnavailable: if there is none, as when a disk is not mounted.
        """
        pattern = self._folder / Path(self._settings.path).expanduser()
        found = {self._name(path): path for path in _matching(pattern)}
        if not found:
            raise SourceUnavailable("no such file", str(pattern), "correct `path`, or bring it")
        before = self._before()
        names = sorted({*found, *before})
        if names != before:
            write_whole(self._known, json.dumps(names).encode())
        return names

    def path(self, name: str) -> Path:
        """Where a file is, or was."""
        return self._folder / name

    def layout(self, name: str) -> Layout:
        """What the columns of a file mean.

        Raises:
            TableRefused: if the file that should say so does not.
        """
        if not self._settings.is_elsewhere:
            return self._settings.layout
        told = self._settings.mapping
        path = self.path(name).with_suffix(_MAPPING)
        return _layout(self._folder / Path(told).expanduser() if told else path)

    def _name(self, path: Path) -> str:
        is_below = path.is_relative_to(self._folder)
        return (path.relative_to(self._folder) if is_below else path).as_posix()

    def _before(self) -> list[str]:
        try:
            return list(json.loads(self._known.read_bytes()))
        except (FileNotFoundError, ValueError):
            return []


class Copy(NamedTuple):
    """What a file held at one time."""

    path: Path
    sha256: str
    written_at: datetime


@contextmanager
def copied(path: Path, folder: Path) -> Iterator[Copy]:
    """Copies a file, so that it can be replaced while it is read.

    Raises:
        SourceUnavailable: if it changed while it was copied, so that the copy is of no one state.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as place:
        copy = Path(place) / "copy"
        before = path.stat()
        shutil.copyfile(path, copy)
        after = path.stat()
        if _state(before) != _state(after) or copy.stat().st_size != after.st_size:
            what = "was written to while it was read"
            raise SourceUnavailable(what, str(path), "sync again when it is whole")
        yield Copy(copy, file_hash(copy), datetime.fromtimestamp(after.st_mtime, UTC))


def _state(stat: object) -> Sequence[int]:
    return [getattr(stat, name) for name in ("st_ino", "st_size", "st_mtime_ns")]


def _matching(pattern: Path) -> Iterator[Path]:
    root = Path(pattern.anchor)
    for path in root.glob(str(pattern.relative_to(root))):
        # Office programs keep such files beside one that is open.
        is_hidden = path.name.startswith((".", "~$"))
        if path.is_file() and not is_hidden and path.suffix.lower() != _MAPPING:
            yield path


def _layout(path: Path) -> Layout:
    where = str(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        what, fix = "is not there: nothing says what the columns mean", "write it, or set `columns`"
        raise TableRefused(what, where, fix) from None
    if len(content) > _MOST_BYTES:
        raise TableRefused("is too large for a mapping", where, "name the right file")
    try:
        told = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise TableRefused(f"is not valid TOML: {error}", where, "mend it") from None
    try:
        return Layout.model_validate(told)
    except ValidationError as error:
        first = min(error.errors(), key=lambda each: each["type"] == "missing")
        raise TableRefused(*_placed(explain(Layout, first), where)) from None


def _placed(told: tuple[str, str], where: str) -> tuple[str, str, str]:
    return told[0], where, told[1]


def layout_hash(layout: Layout) -> str:
    """Changes when the meaning of a column does."""
    return hashlib.sha256(layout.model_dump_json(exclude_defaults=True).encode()).hexdigest()

"""The files that define controls and frameworks: shipped ones, and those of an organisation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from data.configuration.mistake import Notation, explain, steps_of
from data.configuration.place import Step
from data.controls.place import Document, NotPlain, parse
from data.errors import WrongQuestion

Model = TypeVar("Model", bound=BaseModel)

_MOST_BYTES = 1_000_000
_ENDING = ".yaml"
_MISSPELT = (".yml", ".yaml~", ".json")


class FileRefused(WrongQuestion):
    """A file that defines a control or framework cannot be read, or says what cannot be meant."""


@dataclass(frozen=True, slots=True)
class DefinitionFile:
    """A file that was read."""

    path: Path
    document: Document

    def fitted(self, model: type[Model]) -> Model:
        """What it says as a model that has an `id`, which is the file's name.

        Raises:
            FileRefused: naming file, line and, for an unknown key, the nearest valid one.
        """
        try:
            said = model.model_validate(self.document.content)
        except ValidationError as error:
            # A key that is missing may be there, misspelt: the unknown key says more.
            mistakes = sorted(error.errors(), key=lambda mistake: mistake["type"] == "missing")
            what, fix = explain(model, mistakes[0], Notation.YAML)
            if len(mistakes) > 1:
                what += f" (the first of {len(mistakes)} mistakes)"
            raise self.refused(what, fix, *steps_of(mistakes[0])) from error
        if getattr(said, "id", None) != self.path.stem:
            what = f"its id is not the name of the file, `{self.path.stem}`"
            raise self.refused(what, "give both the same name", "id")
        return said

    def refused(self, what: str, fix: str, *steps: Step, row: int = 1) -> FileRefused:
        """The error of a mistake at a key, or at a row of the text below it."""
        line = self.document.line_of(steps, row)
        return FileRefused(what, f"{self.path}, line {line}", fix)


def files(shipped: Path, own: Path | None) -> dict[str, DefinitionFile]:
    """Reads the files of two folders, by their names without the ending, in order.

    Args:
        shipped: the folder that comes with Cairn, which is read once.
        own: the organisation's folder; it may be missing.

    Raises:
        FileRefused: if one cannot be read, or both folders have one of the same name.
    """
    found = dict(_shipped(shipped))
    for path in _paths(own) if own is not None and own.exists() else ():
        if path.stem in found:
            what = f"`{path.stem}` is there twice, first in {found[path.stem].path}"
            raise FileRefused(what, str(path), "give yours an id of its own")
        found[path.stem] = read(path)
    return found


@cache
def _shipped(folder: Path) -> Mapping[str, DefinitionFile]:
    return {path.stem: read(path) for path in _paths(folder)}


def read(path: Path) -> DefinitionFile:
    """Reads one file.

    Raises:
        FileRefused: if it cannot be read, is too large, no UTF-8 or no plain YAML.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise FileRefused(f"unreadable ({error.strerror})", str(path), "check the file") from error
    if len(content) > _MOST_BYTES:
        what = f"more than {_MOST_BYTES:,} bytes are no definition"
        raise FileRefused(what, str(path), "name the right file, or part it")
    try:
        return DefinitionFile(path, parse(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused("not UTF-8", f"{path}, line {line}", "save it as UTF-8") from error
    except NotPlain as error:
        raise FileRefused(error.what, f"{path}, line {error.line}", error.fix) from error


def _paths(folder: Path) -> Iterator[Path]:
    """The definitions in a folder; a file that was probably meant as one is refused."""
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        what = f"cannot be looked into ({error.strerror})"
        raise FileRefused(what, str(folder), "make it a folder of definitions") from error
    for path in paths:
        if path.suffix == _ENDING:
            yield path
        elif path.name.lower().endswith((_ENDING, *_MISSPELT)):
            fix = f"name it `{path.stem}{_ENDING}`, or move it elsewhere"
            raise FileRefused("would not be read", str(path), fix)

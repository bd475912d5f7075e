"""Puts a pack on the disk: into a folder or a ZIP file, whole or not at all."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from data.errors import CairnError, WrongQuestion

_FIRST = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a ZIP: the same files give the same bytes."""


class PackRefused(CairnError):
    """A pack could not be written. Nothing is left half done."""


class PackExists(WrongQuestion):
    """There is something already where a pack is to be."""


def write(files: Mapping[str, bytes], path: Path) -> None:
    """Writes the files: as a ZIP if the path ends so, else into a folder of that name.

    Raises:
        PackExists: if there is something already.
        PackRefused: if the disk says no.
    """
    refuse_existing(path)
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(part)
        if path.suffix.lower() == ".zip":
            _zip(files, part)
        else:
            _folder(files, part)
        part.replace(path)
    except OSError as error:
        _remove(part)
        what = f"the pack could not be written ({error.strerror or error})"
        raise PackRefused(what, str(path), "mend that, or name another place") from error


def refuse_existing(path: Path) -> None:
    """Makes sure that nothing is overwritten.

    Raises:
        PackExists: if there is something already.
    """
    if path.exists():
        raise PackExists("there is something already", str(path), "name another place")


def _zip(files: Mapping[str, bytes], part: Path) -> None:
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            told = zipfile.ZipInfo(name, _FIRST)
            told.compress_type = zipfile.ZIP_DEFLATED
            told.external_attr = 0o644 << 16
            archive.writestr(told, files[name])


def _folder(files: Mapping[str, bytes], part: Path) -> None:
    for name, content in files.items():
        path = part / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part)
    else:
        part.unlink(missing_ok=True)

"""Which files are meant by a file, a folder or a pattern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from data.errors import WrongQuestion

_ENDINGS = (".csv", ".csv.gz", ".csv.zst", ".tsv", ".parquet", ".json", ".json.gz")
_MANIFESTS = ("manifest.json",)
"""What providers lay beside an export, and is none."""


class NoBill(WrongQuestion):
    """Nothing that is named holds a bill."""


def bills(named: Sequence[str]) -> list[Path]:
    """The files, each once, in the order of their names.

    Args:
        named: files, folders (with those below), or patterns with `*`.

    Raises:
        NoBill: if one of them stands for no file.
    """
    found: dict[Path, Path] = {}
    for name in named:
        files = list(_meant(name))
        if not files:
            endings = ", ".join(_ENDINGS)
            raise NoBill("no bill is there", name, f"name a file, or a folder with {endings}")
        for one in files:
            found.setdefault(one.resolve(), one)
    return sorted(found.values())


def _meant(name: str) -> Iterator[Path]:
    path = Path(name)
    if path.is_dir():
        yield from (one for one in path.rglob("*") if _is_bill(one))
    elif path.exists():
        yield path
    else:
        root = Path(path.anchor)
        pattern = path.relative_to(root) if path.anchor else path
        yield from (one for one in root.glob(str(pattern)) if one.is_file())


def _is_bill(path: Path) -> bool:
    name = path.name.lower()
    is_named = name.endswith(_ENDINGS) and not name.endswith(_MANIFESTS)
    return is_named and path.is_file() and name[0] != "."

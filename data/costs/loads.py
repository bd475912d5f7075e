"""The lines of bills in the store: a file each, named by what it was made of, and never changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from data.costs.bill.column import known
from data.costs.bill.examined import Examined
from data.costs.bill.examining import Progress, read_bill
from data.costs.bill.form import Form
from data.costs.bill.native.mapping import exports
from data.costs.bill.native.recognising import hints
from data.durable import make_folder, sync_file, sync_folder

_READING = ".reading-"
"""What folders begin with in which a bill is being read."""


@dataclass(frozen=True, slots=True)
class Load:
    """The lines of one bill."""

    name: str
    found: Examined


class Loads:
    """All that are kept, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Where the lines of a load lie."""
        return self._folder / f"{name}.parquet"

    def put(self, bill: Path, sha256: str, form: Form, progress: Progress | None = None) -> Load:
        """Reads a bill and keeps its lines for ever; the same one, read the same way, once.

        Args:
            bill: the file.
            sha256: its hash.
            form: how its values are written.
            progress: is told how far a file is read that takes longer.

        Raises:
            BillRefused: if the file is no bill.
        """
        make_folder(self._folder)
        self._sweep()
        name = load_name(bill, sha256, form)
        with TemporaryDirectory(dir=self._folder, prefix=_READING) as place:
            part = Path(place) / "lines.parquet"
            found = read_bill(bill, form, part, progress)
            part.chmod(0o444)
            sync_file(part)
            part.replace(self.path(name))
        sync_folder(self._folder)
        return Load(name, found)

    def _sweep(self) -> None:
        """Removes what a reading that was killed has left: nobody else reads, under the lock."""
        for left in self._folder.glob(f"{_READING}*"):
            rmtree(left, ignore_errors=True)


def load_name(bill: Path, sha256: str, form: Form) -> str:
    """Changes when the content of the file does, or how it is read.

    Its path has a say only where words in it tell exports apart.
    """
    told = [sha256, form.model_dump_json(), known().model_dump_json(), *hints(bill)]
    told += [export.model_dump_json() for export in exports().values()]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()

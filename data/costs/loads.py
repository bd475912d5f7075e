"""The lines of bills in the store: a file each, named by what it was made of, and never changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from data.costs.bill.column import known
from data.costs.bill.examined import Examined, read_bill
from data.costs.bill.form import Form
from data.durable import make_folder, sync_file, sync_folder


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

    def put(self, bill: Path, sha256: str, form: Form) -> Load:
        """Reads a bill and keeps its lines for ever; the same one, read the same way, once.

        Args:
            bill: the file.
            sha256: its hash.
            form: how its values are written.

        Raises:
            BillRefused: if the file is no bill.
        """
        make_folder(self._folder)
        name = load_name(sha256, form)
        with TemporaryDirectory(dir=self._folder, prefix=".reading-") as place:
            part = Path(place) / "lines.parquet"
            found = read_bill(bill, form, part)
            part.chmod(0o444)
            sync_file(part)
            part.replace(self.path(name))
        sync_folder(self._folder)
        return Load(name, found)


def load_name(sha256: str, form: Form) -> str:
    """Changes when the file does, or how it is read."""
    told = "\n".join((sha256, form.model_dump_json(), known().model_dump_json()))
    return hashlib.sha256(told.encode()).hexdigest()

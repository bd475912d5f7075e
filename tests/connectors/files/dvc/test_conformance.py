"""The source `dvc` against the clauses that bind every kind of source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from connectors.files.dvc.connector import Dvc
from tests.connectors.conformance import Conformance
from tests.connectors.files.binding import NOT_APPLICABLE, TIMES, UNMAPPED, Files, FilesBinding
from tests.connectors.files.source import output
from tests.connectors.house import RowKey

_FILES = ("dvc.lock", "dvc.yaml", "metrics.json", "data/raw.csv.dvc", "data/images.dvc")


def added(name: str, digest: str) -> bytes:
    return f"outs:\n- md5: {digest}\n  size: 4\n  hash: md5\n  path: {name}\n".encode()


class DvcBinding(FilesBinding):
    """A project of two stages, with metrics."""

    connector_class = Dvc

    def start(self) -> Files:
        return {name: output(f"dvc/{name}") for name in _FILES} | {
            "data/more.csv.dvc": added("more.csv", "0a")
        }

    def further(self, number: int) -> Files:
        return {
            f"data/new-{number}.csv.dvc": added(f"new-{number}.csv", "0b"),
            "data/more.csv.dvc": added("more.csv", f"{number:02x}"),
        }

    def removed(self) -> tuple[str, RowKey]:
        return "data/more.csv.dvc", ("dataset", "dvc:shop#dataset/data/more.csv")

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return {
            "renamed": self._damage(b"path2: data/features.csv", b"path2: more.csv"),
            "null": self._damage(b"path: ~", b"path: ~"),
            "a list": self._damage(b"path: [1]", b"path: [1]"),
        }

    def _damage(self, dependency: bytes, added_path: bytes) -> Callable[[], int]:
        """Damages what the last stage is made from, and what somebody put there."""

        def write() -> int:
            lock, more = output("dvc/dvc.lock"), added("more.csv", "0a")
            before, name, after = lock.rpartition(b"path: data/features.csv")
            assert name
            torn = more.replace(b"path: more.csv", added_path)
            self.write({"dvc.lock": before + dependency + after, "data/more.csv.dvc": torn})
            return 2

        return write


class TestDvc(Conformance):
    binding = DvcBinding
    not_applicable: ClassVar[Mapping[str, str]] = NOT_APPLICABLE | {
        TIMES: "there are no times in files of DVC",
        UNMAPPED: "files of DVC are archived by an allow-list, since commands may hold secrets",
    }

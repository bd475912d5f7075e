"""The stream of the shared workflows and actions that a repository's workflows use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from connectors.answers.page import Header, write_page
from connectors.api.reader import Items
from connectors.github.api.question import ask
from connectors.github.asking import Asking, row_id
from connectors.github.code.uses import read_use, uses_of
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import GapReason, Record, Reuse

_FOLDER = ".github/workflows"


class ReusedParts(Reader):
    """Reads workflow files when something was pushed.

    A page holds what the files use, not their text: that may name secrets and addresses.
    """

    kind: ClassVar[str] = "reuse"
    entities: ClassVar[tuple[str, ...]] = ("reuse", "gap")
    needs: ClassVar[str] = "Contents: read"
    blind: ClassVar[tuple[str, ...]] = ("VM-07",)

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields what all files use."""
        seen = {"name": place.name, "pushed_at": place.pushed_at}
        if cursor == seen or place.default_branch is None:
            return
        variables = self._asking.variables(place)
        reply = ask(self._asking.api, "workflows", variables, self.needs)
        found = reply.json()["data"]["repository"].get("object") or {}
        yield Batch(
            payload=write_page({"repository": place.name, "id": place.id}, _reduced(found)),
            cursor=seen,
            reading=Reading.COMPLETE,
            is_first=True,
            is_last=True,
        )

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        repository = header["repository"]
        for file in answers[0]:
            path = f"{_FOLDER}/{file['name']}"
            for kind, text in file["uses"]:
                yield self._row(repository, path, kind, text)
            if file["problem"]:
                yield self._asking.gap(
                    repository,
                    f"{self.kind}/{path}",
                    GapReason.UNREADABLE,
                    f"{path} {file['problem']}: what it uses is not known",
                    "correct the file, or remove it",
                    1,
                )

    def _row(self, repository: str, path: str, kind: str, text: str) -> Reuse:
        used = read_use(text)
        return Reuse(
            id=row_id(repository, kind, path, text),
            source=self._asking.source,
            url=self._asking.page(repository, f"blob/HEAD/{path}"),
            repository=repository,
            kind=kind,
            name=used.name,
            path=path,
            version=used.version,
            is_pinned=used.is_pinned,
        )


def _reduced(folder: Mapping[str, Json]) -> bytes:
    """What a page keeps of the files: what each uses, or why that is not known."""
    files = [
        _file(entry["name"], entry.get("object") or {})
        for entry in folder.get("entries") or ()
        if str(entry.get("name")).endswith((".yml", ".yaml"))
    ]
    return json.dumps(files, separators=(",", ":")).encode()


def _file(name: str, blob: Mapping[str, Json]) -> dict[str, Json]:
    text = blob.get("text")
    if text is None or blob.get("isTruncated"):
        return {"name": name, "uses": [], "problem": "is told in part, or not at all"}
    uses, problem = uses_of(text)
    return {"name": name, "uses": uses, "problem": problem}

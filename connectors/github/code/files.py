"""The stream of files that show how a repository is built, run and looked after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import ClassVar
from urllib.parse import quote

from connectors.answers.page import Header, write_page
from connectors.answers.understanding import LATE
from connectors.api.reader import Items
from connectors.github.asking import Asking, row_id
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.signs import shown_by
from connectors.http.errors import HttpError, UnexpectedReply
from connectors.http.reply import Reply, Validators
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import GapReason, Record, Reuse, ReuseKind


class Files(Reader):
    """Reads the names of all files when something was pushed; a page holds nothing but these."""

    kind: ClassVar[str] = "files"
    entities: ClassVar[tuple[str, ...]] = ("reuse", "gap")
    needs: ClassVar[str] = "Contents: read"
    blind: ClassVar[tuple[str, ...]] = ("CM-12", "ML-02", "VM-06")

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields the names of all files; of a tree that GitHub cut off, those it told."""
        known = dict(cursor or {})
        is_same = (known.get("name"), known.get("branch")) == (place.name, place.default_branch)
        if place.default_branch is None or (is_same and known["pushed_at"] == place.pushed_at):
            return
        reply = self._ask(place.name, place.default_branch, known["validators"] if is_same else {})
        if reply is None:
            return
        is_cut = bool(reply.json().get("truncated"))
        yield Batch(
            payload=write_page({"repository": place.name, "id": place.id}, _reduced(reply.json())),
            cursor={
                "name": place.name,
                "branch": place.default_branch,
                "pushed_at": place.pushed_at,
                "validators": reply.validators,
            },
            reading=Reading.INCREMENT if is_cut else Reading.COMPLETE,
            is_first=not is_cut,
            is_last=not is_cut,
        )

    def _ask(self, repository: str, branch: str, validators: Validators) -> Reply | None:
        """Asks for the tree; null if it is as it was, or nothing was ever pushed.

        Raises:
            HttpError: if there is no usable answer.
        """
        path = f"repos/{repository}/git/trees/{quote(branch, safe='')}"
        try:
            reply = self._asking.api.get(path, {"recursive": 1}, validators)
        except HttpError as error:
            if error.status == HTTPStatus.CONFLICT:
                return None
            raise
        if reply.is_unchanged:
            return None
        tree = reply.json()
        if not isinstance(tree, dict) or not isinstance(tree.get("tree"), list):
            raise UnexpectedReply("the answer is no tree of files", reply.where, LATE, reply.status)
        return reply

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        repository = header["repository"]
        (tree,) = answers
        for sign, path in shown_by(tree["paths"]).items():
            yield Reuse(
                id=row_id(repository, "file", sign),
                source=self._asking.source,
                url=self._asking.page(repository, f"blob/HEAD/{path}"),
                repository=repository,
                kind=ReuseKind.FILE.value,
                name=sign,
                path=path,
                version=None,
                is_pinned=None,
            )
        if tree["truncated"]:
            yield self._asking.gap(
                repository,
                self.kind,
                GapReason.TRUNCATED,
                f"GitHub names no more than {len(tree['paths']):,} of its files: what the others "
                "would show is not known",
                "nothing: what is not found here may be there",
            )


def _reduced(tree: Mapping[str, Json]) -> bytes:
    """What a page keeps of a tree: names, as each push changes the rest."""
    paths = [
        item["path"]
        for item in tree["tree"]
        if isinstance(item, dict) and item.get("type") == "blob" and item.get("path")
    ]
    return json.dumps({"paths": paths, "truncated": bool(tree.get("truncated"))}).encode()

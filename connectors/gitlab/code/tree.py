"""The names of all files of a project, and the text of those that define its pipelines."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import quote

from connectors.answers.understanding import LATE
from connectors.gitlab.asking import below
from connectors.gitlab.code.includes import Included, includes_of, matching
from connectors.hosting.place import Place
from connectors.http.api import Api
from connectors.http.errors import NotFound, UnexpectedReply
from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Json

MOST_PAGES = 100
"""Of a hundred names each; a larger project is told in part."""
MOST_FILES = 50
"""Pipeline files of one project that are read."""


class Tree:
    """The files of a project as one commit holds them."""

    def __init__(self, api: Api, place: Place, sha: str) -> None:
        self._api = api
        self._place = place
        self._sha = sha
        self.paths: list[str] = []
        """Of all files, as far as they were read, in their order."""
        self.is_cut = False
        """Whether there are more."""
        self.unreadable = 0
        """How many of them are not told as they should be."""

    def read(self) -> None:
        """Reads the names.

        Raises:
            HttpError: if there is no usable answer.
        """
        params = {"ref": self._sha, "recursive": True, "pagination": "keyset", "per_page": 100}
        listed = PagedList(
            Ask(below(self._place, "repository/tree"), params),
            by_link,
            items=list,
            key=lambda item: str(item.get("path") or item),
        )
        for page in islice(listed.pages(self._api), MOST_PAGES):
            told = [(item.get("type"), item.get("path")) for item in page.items]
            named = [each for each in told if all(isinstance(part, str) for part in each)]
            self.paths += [path for kind, path in named if kind == "blob"]
            self.unreadable += len(told) - len(named)
            self.is_cut = not page.is_last

    def pipeline_files(self, first: str) -> Iterator[dict[str, Json]]:
        """Yields what a pipeline file includes, and then the files of the project that it names.

        Raises:
            HttpError: if there is no usable answer.
        """
        waiting, known = [first], {first}
        while waiting:
            path = waiting.pop(0)
            found, problem = self._includes(path)
            if found is None:
                continue
            news = [each for each in self._named(found) if each not in known]
            fitting = news[: MOST_FILES - len(known)]
            if len(fitting) < len(news):
                problem = f"names more pipeline files than the {MOST_FILES} that are read"
            known.update(fitting)
            waiting += fitting
            told = [[one.kind.value, one.name, one.version, one.is_pinned] for one in found]
            yield {"path": path, "includes": told, "problem": problem}

    def _named(self, found: Sequence[Included]) -> list[str]:
        """The files of the project that are meant, each once; of a cut tree also unseen ones."""
        names: dict[str, None] = {}
        for pattern in (one.local for one in found if one.local):
            unseen = [pattern] if self.is_cut and "*" not in pattern else []
            names |= dict.fromkeys(matching(pattern, self.paths) or unseen)
        return list(names)

    def _includes(self, path: str) -> tuple[Sequence[Included] | None, str | None]:
        """What a file includes; null if there is no such file."""
        if not self.is_cut and path not in self.paths:
            return None, None
        address = below(self._place, f"repository/files/{quote(path, safe='')}")
        try:
            reply = self._api.get(address, {"ref": self._sha})
        except NotFound:
            return None, None
        try:
            text = base64.b64decode(reply.json()["content"])
        except (KeyError, TypeError, ValueError):
            what = "the answer is no file"
            raise UnexpectedReply(what, reply.where, LATE, reply.status) from None
        return includes_of(text)

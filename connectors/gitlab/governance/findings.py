"""The stream of what scans found: in dependencies, in code, and secrets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import ClassVar, NamedTuple

from connectors.answers.moment import moment
from connectors.answers.page import Header, write_page
from connectors.answers.understanding import UNREADABLE
from connectors.api.reader import Items
from connectors.gitlab.api.daily import (
    digest_of,
    is_absent,
    is_due,
    nothing_new,
    refusal,
    to_archive,
)
from connectors.gitlab.api.question import Sized, after, ask, nodes, project_of
from connectors.gitlab.api.refusing import refused_gaps
from connectors.gitlab.asking import Asking
from connectors.gitlab.governance.finding_rows import finding_row
from connectors.hosting.place import Place
from connectors.hosting.readable import readable
from connectors.hosting.reader import Reader
from connectors.http.errors import Forbidden, NotFound, Refused, Unauthorized, Unavailable
from connectors.http.reply import Reply
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Record

_WORDS = {"findings": "what scans found"}
_DENIED = ("permission", "not authorized", "not available")


class _Part(NamedTuple):
    """One page of the list, without the question's own numbers, and where the next begins."""

    found: Sequence[Json]
    after: str | None


class Findings(Reader):
    """Reads all findings of a project, newest first: GitLab does not tell which of them changed.

    The secrets themselves are neither asked for nor kept.
    """

    kind: ClassVar[str] = "findings"
    entities: ClassVar[tuple[str, ...]] = ("security_finding", "gap")
    needs: ClassVar[str] = "scope read_api, Developer; Ultimate"
    blind: ClassVar[tuple[str, ...]] = ("VM-02", "VM-04", "VM-05")

    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._sized = Sized(self.page_size)

    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields all findings, if one is not what it was."""
        state: dict[str, Json] = dict(cursor or {})
        if state.get("name") != place.name:
            state = {"name": place.name}
        refused = state.get("refused") or {}
        try:
            if state.get("after") is not None:
                refused = {}
                yield from self._told(place, state, self._parts(place, state["after"]))
            elif is_due(state, place.name, self._asking.context.clock()):
                refused = {}
                yield from self._look(place, state)
        except Refused as error:
            if isinstance(error, Unauthorized):
                raise
            told = refusal(error)
            refused = {"findings": told}
            yield from self._gaps(place, refused)
            if is_absent(told):
                waiting = {**state, "refused": refused, "after": None, **self._now()}
                yield nothing_new(_about(place), waiting)
        else:
            yield from self._gaps(place, refused)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        project = header["repository"]
        for found in answers:
            yield from readable(
                self._asking,
                project,
                "finding",
                found,
                lambda item: finding_row(self._asking, project, item),
            )

    def _look(self, place: Place, state: dict[str, Json]) -> Iterator[Batch]:
        """All findings; once they are known, only if one of them changed."""
        parts: Iterable[_Part] = self._parts(place, None)
        if state.get("digest") is not None:
            parts = list(parts)
            if _digest_of_all(parts) == state["digest"]:
                yield nothing_new(_about(place), {**state, "refused": {}, **self._now()})
                return
        state |= {"digest": None, "done": 0, "begun": self._now()}
        yield from self._told(place, state, parts, is_first=True)

    def _told(
        self,
        place: Place,
        state: dict[str, Json],
        parts: Iterable[_Part],
        *,
        is_first: bool = False,
    ) -> Iterator[Batch]:
        for part in parts:
            is_last = part.after is None
            state["digest"] = digest_of(state["digest"], part.found)
            state["done"] += len(part.found)
            state["is_known"] = state.get("is_known", False) or is_last
            # Looked at as of its beginning: what came meanwhile may be on a page read before.
            looked = state.pop("begun", None) or self._now() if is_last else {}
            state |= {"after": part.after, "refused": {}, **looked}
            self._asking.telling(place, self.kind)(state["done"], None)
            yield Batch(
                payload=write_page(_about(place), to_archive(part.found)),
                cursor=json.loads(json.dumps(state)),
                reading=Reading.COMPLETE,
                is_first=is_first,
                is_last=is_last,
                complete_from=None if state["is_known"] else _oldest(part.found),
            )
            is_first = False

    def _parts(self, place: Place, cursor: str | None) -> Iterator[_Part]:
        """The pages of the list from a place on.

        Raises:
            Refused: if the plan has no such list, or hides it.
            HttpError: if there is no usable answer.
        """
        while True:
            reply = self._sized.ask(partial(self._page, place, cursor))
            listed = project_of(reply).get("vulnerabilities")
            if listed is None:
                raise _absence(reply)
            cursor = after(listed)
            yield _Part(nodes(listed), cursor)
            if cursor is None:
                return

    def _page(self, place: Place, cursor: str | None, size: int) -> Reply:
        variables = {"project": place.name, "first": size, "after": cursor}
        return ask(self._asking.api, "vulnerabilities", variables)

    def _gaps(self, place: Place, refused: Mapping[str, Json]) -> Items:
        fix = f"needs {self.needs}; without the plan it stays unknown"
        return refused_gaps(self._asking, place.name, self.kind, refused, _WORDS, fix)

    def _now(self) -> dict[str, Json]:
        return {"looked_at": self._asking.context.clock().isoformat()}


def _about(place: Place) -> dict[str, Json]:
    return {"repository": place.name, "id": place.id}


def _oldest(found: Sequence[Json]) -> datetime | None:
    """The oldest time on a page; the mapping tells of findings without one."""
    times = []
    for item in found:
        with suppress(*UNREADABLE):
            times.append(moment(item["detectedAt"]))
    return min(times, default=None)


def _digest_of_all(parts: Sequence[_Part]) -> str | None:
    digest: str | None = None
    for part in parts:
        digest = digest_of(digest, part.found)
    return digest


def _absence(reply: Reply) -> Refused | Unavailable:
    """Why there is no list: GitLab says nothing where the plan or the right is missing."""
    told = reply.json().get("errors") or ()
    said = " ".join(str(error.get("message")) for error in told if isinstance(error, dict))
    if not said:
        return NotFound("there is no such list", reply.where, "", 404)
    if any(word in said.lower() for word in _DENIED):
        return Forbidden(said[:200], reply.where, "", 403)
    fix = "sync again; if it stays, GitLab may be unwell"
    return Unavailable(said[:200], reply.where, fix, reply.status)

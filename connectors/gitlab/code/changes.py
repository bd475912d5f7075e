"""The stream of a project's merge requests, with their commits, reviews, files and checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from connectors.answers.moment import moment_or_none
from connectors.answers.page import Header, write_page
from connectors.gitlab.api.items import key_of
from connectors.gitlab.api.question import Sized, json_object
from connectors.gitlab.api.updated import UpdatedList, changed_at, news_of
from connectors.gitlab.asking import Asking, below
from connectors.gitlab.code.change_details import Details, details_in
from connectors.gitlab.code.change_rows import change_rows
from connectors.hosting.newest_first import Listed, NewestFirst
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.http.errors import NotFound
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Gap, GapReason, Record

_MOST_UNFINISHED = 50
_MOST_NAMED = 5
_AGAIN = "sync again: they are asked for until they are told"


class Changes(Reader):
    """Reads merge requests by their last change, newest first.

    What a pipeline comes to changes no merge request: those whose last one had not ended are asked
    for again until it has.
    """

    kind: ClassVar[str] = "changes"
    entities: ClassVar[tuple[str, ...]] = ("change", "change_commit", "review", "check_run", "gap")
    needs: ClassVar[str] = "scope read_api, Reporter"
    blind: ClassVar[tuple[str, ...]] = (
        "CM-01",
        "CM-02",
        "CM-03",
        "CM-04",
        "CM-05",
        "CM-06",
        "CM-08",
    )

    page_size: ClassVar[int] = 100
    details_size: ClassVar[int] = 25

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._sized = Sized(self.details_size)

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields merge requests that changed since, then older ones."""
        state = dict(cursor or {})
        if state.get("name") != place.name:
            state = {}
        details = Details(self._asking, place, self._sized)
        details.unfinished |= set(state.get("unfinished", ()))
        details.missing |= set(state.get("missing", ()))
        for item in self._every(place, state, details):
            kept = sorted(details.unfinished, key=int)[-_MOST_UNFINISHED:]
            if isinstance(item, Batch):
                missing = sorted(details.missing, key=int)
                waiting = {"unfinished": kept, "missing": missing}
                yield replace(item, cursor={**item.cursor, **waiting})
            else:
                yield item
        if details.missing:
            yield self._untold(place, sorted(details.missing, key=int))

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page: the list, what is told of each in detail, and what did not fit there."""
        details = details_in(answers[1:])
        rows: dict[tuple[type[Record], str], Record] = {}
        for item in news_of(header, answers[0]):
            key = key_of(item, "iid")
            found = change_rows(self._asking, header["repository"], item, details.get(key), key)
            # The pipeline of a commit may be that of two merge requests.
            rows |= {(type(row), row.id): row for row in found}
        yield from rows.values()

    def _every(
        self, place: Place, state: dict[str, Json], details: Details
    ) -> Iterator[Batch | Gap]:
        header = {"repository": place.name, "id": place.id}
        path = below(place, "merge_requests")
        listed = UpdatedList(self._asking.api, path, state, place.name, self.page_size)
        yield from self._ended(header, path, state, details)
        yield from NewestFirst(
            name=place.name,
            header=header,
            ask=lambda after: _listed(listed, details, after),
            stamp=changed_at,
            probe=self._asking.heartbeat.probe(place, "mergeRequests"),
            progress=self._asking.telling(place, "changes"),
            unread=self._asking.unread(place, "changes"),
        ).pull(state)
        if not listed.is_filtered:
            yield self._asking.filter_ignored(place.name, self.kind)

    def _ended(
        self, header: Header, path: str, state: dict[str, Json], details: Details
    ) -> Iterator[Batch]:
        """Those whose pipeline has ended since, or that were not told before."""
        missing = sorted(details.missing, key=int)[-_MOST_UNFINISHED:]
        waiting = sorted({*details.unfinished, *missing}, key=int)
        answers = list(details.of(waiting))
        for iid in details.missing.intersection(waiting):
            self._drop_if_gone(f"{path}/{iid}", iid, details)
        left = details.missing | (details.unfinished - set(missing))
        ended = [iid for iid in waiting if iid in details.told and iid not in left]
        if ended:
            replies = [self._asking.api.get(f"{path}/{iid}") for iid in ended]
            items = [reply.body for reply in replies if json_object(reply.json())]
            is_part = state.get("back") is not None
            yield Batch(
                payload=write_page(header, b"[" + b",".join(items) + b"]", *answers),
                cursor=state,
                reading=Reading.COMPLETE if is_part else Reading.INCREMENT,
                complete_from=moment_or_none(state.get("from")),
            )

    def _drop_if_gone(self, path: str, iid: str, details: Details) -> None:
        """Asks no more for one that was deleted."""
        try:
            self._asking.api.get(path)
        except NotFound:
            details.unfinished.discard(iid)
            details.missing.discard(iid)

    def _untold(self, place: Place, iids: Sequence[str]) -> Gap:
        some = ", ".join(f"!{iid}" for iid in iids[:_MOST_NAMED])
        what = f"{len(iids)} merge requests are listed, but nothing more is told of them: {some}"
        key, reason = "merge_requests/untold", GapReason.MISSING_OBJECT
        return self._asking.gap(place.name, key, reason, what, _AGAIN, len(iids))


def _listed(listed: UpdatedList, details: Details, at: Json) -> Listed:
    page = listed.page(at, {"state": "all", "scope": "all"})
    keys = [key_of(item, "iid") for item in page.news]
    iids = [key for key in keys if key.isascii() and key.isdecimal()]
    answers = [page.reply.body, *details.of(iids)]
    return Listed(answers, page.items, page.after, page.total, page.header)

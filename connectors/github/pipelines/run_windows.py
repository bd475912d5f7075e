"""Reads runs by the time they were made, in windows that hold no more than GitHub lists.

A window lies in the past, so that nothing joins it while it is paged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.answers.moment import moment
from connectors.answers.understanding import LATE
from connectors.github.asking import Asking
from connectors.github.pipelines.run_state import RunState, created
from connectors.github.pipelines.run_stretch import Seen, Stretch
from connectors.hosting.place import Place
from connectors.http.errors import UnexpectedReply
from connectors.http.paging import Ask, PagedList, by_link
from connectors.http.reply import Reply, Validators
from connectors.interface import Json

MOST_LISTED = 1000
"""So many results of a filtered list GitHub shows; the rest cannot be paged to."""


@dataclass(frozen=True, slots=True)
class Read:
    """A page of runs."""

    reply: Reply
    runs: Sequence[Json]
    limits: Mapping[str, Json] = field(default_factory=dict)
    """The window it is of."""

    @classmethod
    def of(cls, reply: Reply, since: str = "", until: str = "") -> Read:
        """The page that a reply is.

        Raises:
            UnexpectedReply: if it is none.
        """
        try:
            runs = _runs(reply.json())
            _total(reply)
        except (KeyError, TypeError, ValueError) as error:
            what = f"the page is not the list it should be: {type(error).__name__} {error}"
            raise UnexpectedReply(what, reply.where, LATE, reply.status) from None
        return cls(reply, runs, {"since": since, "until": until} if since else {})

    @property
    def total(self) -> int:
        """Runs of the whole list."""
        return _total(self.reply)

    @property
    def is_unfiltered(self) -> bool:
        """Whether it shows what was not asked for."""
        since, until = self.limits.get("since", ""), self.limits.get("until", "")
        return any(at and not since <= at <= until for at in map(created, self.runs))


class Windows:
    """The windows of one repository."""

    def __init__(self, asking: Asking, place: Place, state: RunState, page_size: int) -> None:
        self._asking = asking
        self._page_size = page_size
        self._path = f"repos/{place.name}/actions/runs"
        self._state = state
        self.is_filter_ignored = False
        """Whether GitHub was seen to list what was not asked for."""

    def newest(self, validators: Validators) -> Reply:
        """Asks for the newest page, if it changed."""
        return self._asking.api.get(self._path, self._params(), validators)

    def second(self, at: str, validators: Validators) -> Read | None:
        """Asks for the runs of one second; null if they did not change."""
        reply = self._asking.api.get(self._path, self._params(at, at), validators)
        return None if reply.is_unchanged else self._checked(Read.of(reply, at, at))

    def read(self, stretch: Stretch, seen_from: str) -> Iterator[Read]:
        """Reads the newest window of a stretch, which is shorter when the last page comes.

        A window that holds too much is cut anew: then nothing may come.

        Args:
            stretch: what is to be read.
            seen_from: windows that end later will be looked at again.
        """
        since, until = stretch.window_since(self._state.span_seconds), stretch.until
        for page in self._listed(since, until).pages(self._asking.api, stretch.bookmark):
            read = self._checked(Read.of(page.reply, since, until))
            if read is None:
                yield from self._unfiltered(stretch)
                return
            if read.total > MOST_LISTED and since < until:
                seconds = int((moment(until) - moment(since)).total_seconds())
                self._state.narrow(seconds, read.total, MOST_LISTED)
                stretch.abandon()
                return
            stretch.keep(since, page.bookmark, page.reply.validators)
            if page.is_last:
                self._state.widen(read.total)
                if until >= seen_from and not page.has_shifted:
                    self._state.remember(Seen(since, until, stretch.pages))
                stretch.finish(since)
            yield read

    def is_same(self, seen: Seen) -> bool:
        """Whether a window is what it was: free of charge if it is."""
        params = self._params(seen.since, seen.until)
        return all(
            self._asking.api.get(
                self._path, {**params, "page": number if number > 1 else None}, validators
            ).is_unchanged
            for number, validators in enumerate(seen.pages, start=1)
        )

    def _unfiltered(self, stretch: Stretch) -> Iterator[Read]:
        """Reads all there is down to the end of a stretch, where no window can be asked for."""
        stretch.abandon()
        for page in self._listed().pages(self._asking.api):
            read = Read.of(page.reply)
            is_below = max(map(created, read.runs), default="") < stretch.since
            if page.is_last or is_below:
                stretch.until = ""
            yield read
            if stretch.is_done:
                return

    def _checked(self, read: Read) -> Read | None:
        self.is_filter_ignored = self.is_filter_ignored or read.is_unfiltered
        return None if read.is_unfiltered else read

    def _listed(self, since: str = "", until: str = "") -> PagedList:
        return PagedList(
            Ask(self._path, self._params(since, until)),
            by_link,
            items=_runs,
            key=lambda run: str(run["id"]),
            total=_total,
        )

    def _params(self, since: str = "", until: str = "") -> dict[str, Json]:
        # Requests that a run belongs to come and go: without them a page stays as it was.
        params = {"per_page": self._page_size, "exclude_pull_requests": True}
        return {**params, "created": f"{since}..{until}"} if since else params


def _runs(answer: Json) -> Sequence[Json]:
    """The runs of a page; the mapping tells those that cannot be read."""
    return [run for run in answer["workflow_runs"] if isinstance(run, dict)]


def _total(reply: Reply) -> int:
    return int(reply.json()["total_count"])

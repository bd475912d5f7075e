"""The stream of builds: of each job those after the newest that is known, and those that ran."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import ClassVar

from connectors.answers.page import Header, write_page
from connectors.api.connector import ApiReader
from connectors.api.fields import packed
from connectors.api.reader import Items
from connectors.api.source import ApiSource
from connectors.hosting.placing import key_of
from connectors.http.errors import NotFound
from connectors.http.paging import Ask, PagedList
from connectors.http.reply import Reply
from connectors.interface import Batch, Cursor, Json
from connectors.jenkins.jobs import Job, jobs_of
from connectors.jenkins.rows import discarded, rows_of
from connectors.jenkins.settings import Settings
from connectors.state_file import StateFile
from data.model import Record

_FIELDS = (
    "_class,number,url,result,timestamp,duration,building,"
    "actions[_class,lastBuiltRevision[SHA1,branch[SHA1,name]],remoteUrls,"
    "causes[_class,userId,upstreamProject,upstreamBuild]]"
)


_NOTHING: Json = {"newest": 0, "open": []}
"""What is known of a job that was never read."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """How far one job is read."""

    newest: int = 0
    lowest: int | None = None
    """Number at the end of the page before; null before the first."""
    open: Sequence[int] = ()
    """Builds that ran when they were read."""


class Builds(ApiReader):
    """Reads the builds of all jobs, newest first, until one that is known."""

    kind: ClassVar[str] = "builds"
    entities: ClassVar[tuple[str, ...]] = ("pipeline_run", "deployment", "gap")
    needs: ClassVar[str] = "Overall/Read and Job/Read"
    page_size: ClassVar[int] = 100

    def __init__(self, api: ApiSource, settings: Settings) -> None:
        self._api = api
        self._settings = settings
        self._states = StateFile(api.context, api.source, self.kind)

    def look(self) -> None:
        """Asks for the jobs and the newest builds of the first one."""
        job = next(self._jobs(), None)
        if job is not None:
            next(self._listed(job).pages(self._api.http))

    def pull(self, cursor: Cursor | None) -> Items:
        """Yields the builds that are new, and those that ran when they were read."""
        address = self._api.http.base_url
        start: Cursor = cursor if cursor and cursor["address"] == address else {}
        state = dict(self._states.load(start.get("state")) or {})
        going: Json = start.get("going")
        for job in self._jobs():
            newest = (job.told.get("lastBuild") or {}).get("number") or 0
            known: Json = state.get(job.full_name, _NOTHING)
            if newest < known["newest"]:
                known = _NOTHING  # a job of this name was made anew
            if newest == known["newest"] and not known["open"]:
                continue
            place = going if going and going["job"] == job.full_name else None
            for page, after in self._read(job, known, newest, place):
                if page is not None and "job" in after:
                    name = self._states.save(state)
                    yield Batch(page, {"address": address, "state": name, "going": after})
                elif page is not None:
                    state[job.full_name] = after
                    yield Batch(page, {"address": address, "state": self._states.save(state)})

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page: builds of one job."""
        builds = [{"id": f"{header['job']}/{_number(build)}", **build} for build in answers[0]]
        make = partial(rows_of, self._api, self._settings, header)
        yield from self._api.mapped("run", builds, make)
        yield from discarded(self._api, header, answers[0])
        yield from self._api.unsent("run", answers[0], ("result", "building"))

    def _jobs(self) -> Iterator[Job]:
        return jobs_of(self._api, self._settings, "lastBuild[number]")

    def _read(
        self, job: Job, known: Json, newest: int, place: Json
    ) -> Iterator[tuple[bytes | None, Json]]:
        """Pages of a job, and what is known after each: of the last, what is of all.

        A page is null if nothing changed.
        """
        if newest == known["newest"]:
            builds, lost = self._by_number(job, known["open"])
            still = [n for b in builds if b.get("building") and (n := _number(b)) is not None]
            is_news = lost or len(still) < len(builds)
            told = _page(job, builds, lost, None, None, is_listed=False) if is_news else None
            yield told, {"newest": newest, "open": still}
            return
        reading = _Reading(**place["reading"]) if place else _Reading()
        for page in self._listed(job).pages(self._api.http, place and place["bookmark"]):
            numbers = [n for build in page.items if (n := _number(build)) is not None]
            # A list that shifted is read again from its top: nothing is above that.
            is_below = reading.lowest is not None and max(numbers, default=0) < reading.lowest
            above = reading.lowest if is_below else None
            reading = _after(reading, page.items, numbers)
            wanted = [build for build in page.items if _is_wanted(build, known)]
            if not page.is_last and min(numbers, default=newest) > known["newest"]:
                after = {"bookmark": page.bookmark, "reading": asdict(reading)}
                yield _page(job, wanted, [], above, None), {"job": job.full_name, **after}
                continue
            unseen = [number for number in known["open"] if number not in numbers]
            older, lost = self._by_number(job, unseen)
            reading = _after(reading, older, [])
            body = _page(job, [*wanted, *older], lost, above, known["newest"])
            yield body, {"newest": reading.newest, "open": list(reading.open)}
            return

    def _by_number(self, job: Job, numbers: Sequence[int]) -> tuple[list[Json], list[int]]:
        """Builds by their numbers, and the numbers of those that are there no more."""
        found, lost = [], []
        for number in numbers:
            try:
                reply = self._api.http.get(f"{job.path}{number}/api/json", {"tree": _FIELDS})
            except NotFound:
                lost.append(number)
            else:
                found.append(reply.json())
        return found, lost

    def _listed(self, job: Job) -> PagedList:
        def tree(first: int) -> str:
            return f"allBuilds[{_FIELDS}]{{{first},{first + self.page_size}}}"

        def step(ask: Ask, _reply: Reply, items: Sequence[Json]) -> Ask | None:
            first = int(str(ask.params["tree"]).rpartition("{")[2].partition(",")[0])
            is_over = len(items) < self.page_size
            return None if is_over else Ask(ask.path, {"tree": tree(first + self.page_size)})

        ask = Ask(f"{job.path}api/json", {"tree": tree(0)})
        return PagedList(ask, step, items=lambda page: page["allBuilds"], key=_key)


def _page(
    job: Job,
    builds: Sequence[Json],
    lost: Sequence[int],
    above: int | None,
    known: int | None,
    *,
    is_listed: bool = True,
) -> bytes:
    header = {
        "job": job.full_name,
        "pipeline": job.pipeline,
        "branch": job.branch,
        "above": above,
        "known": known,
        "lost": list(lost),
        "is_listed": is_listed,
    }
    return write_page(header, packed(list(builds)))


def _after(reading: _Reading, builds: Sequence[Json], numbers: Sequence[int]) -> _Reading:
    runs = {n for b in builds if (n := _number(b)) is not None and b.get("building")}
    return replace(
        reading,
        newest=max([reading.newest, *numbers]),
        lowest=min(numbers, default=reading.lowest),
        open=sorted({*reading.open, *runs}),
    )


def _is_wanted(build: Json, known: Json) -> bool:
    number = _number(build)
    return number is None or number > known["newest"] or number in known["open"]


def _number(build: Json) -> int | None:
    told = build.get("number") if isinstance(build, dict) else None
    return told if isinstance(told, int) and not isinstance(told, bool) else None


def _key(build: Json) -> str:
    number = _number(build)
    return key_of(build) if number is None else str(number)

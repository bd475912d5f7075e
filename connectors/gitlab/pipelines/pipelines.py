"""The streams of a project's pipelines, and of those that pipelines start inside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import ClassVar

from connectors.answers.page import Header, write_page
from connectors.gitlab.api.question import Sized, nodes
from connectors.gitlab.asking import Asking, number_of
from connectors.gitlab.pipelines.edge import Edge, Walk
from connectors.gitlab.pipelines.pipeline_list import (
    CHILD,
    PipelineList,
    PipelinePage,
    is_of,
)
from connectors.gitlab.pipelines.pipeline_rows import pipeline_rows
from connectors.hosting.deployment_rule import DeploymentSource
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.http.errors import RateLimited
from connectors.http.retry import server_now
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Gap, Record


class Pipelines(Reader):
    """Reads pipelines by the time they were made, newest first, and then those that changed.

    The list leaves out pipelines that one of the same project started: they are a stream of their
    own. One that a pipeline of another project started is here, and names that one.
    """

    kind: ClassVar[str] = "pipelines"
    entities: ClassVar[tuple[str, ...]] = ("pipeline_run", "task_run", "deployment", "gap")
    needs: ClassVar[str] = "scope read_api, Reporter"
    blind: ClassVar[tuple[str, ...]] = ("DP-02", "DP-05", "DP-07", "IR-02")

    page_size: ClassVar[int] = 100
    page_size_with_jobs: ClassVar[int] = 50
    of_source: ClassVar[str | None] = None
    """What started those of the stream; null: anything but a pipeline of the same project."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._sized = {True: Sized(self.page_size_with_jobs), False: Sized(self.page_size)}

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields pipelines that changed since, then older ones."""
        state = dict(cursor or {})
        if state.get("name") != place.name:
            state = {}
        has_jobs = DeploymentSource.JOBS in self._asking.rules.sources(place.name)
        listed = PipelineList(self._asking, place, self.of_source, self._sized[has_jobs])
        reading = _Reading(self._asking, place, listed, self.kind, state)
        try:
            yield from reading.pull()
        except RateLimited as limited:
            if state.get("back") is None:
                raise
            unread = self._asking.unread(place, self.kind)
            yield unread(_time(state.get("from")), limited)
        if not listed.is_filtered:
            yield self._asking.filter_ignored(place.name, self.kind)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page: pipelines, and jobs that did not fit there."""
        told = answers[0]["data"]["project"]["pipelines"]
        listed = nodes(told)
        if untold := len(told["nodes"]) - len(listed):
            error = TypeError(f"{untold} of {len(told['nodes'])} are null")
            yield self._asking.unreadable(header["repository"], self.kind, error)
        own = [node for node in listed if is_of(self.of_source, node)]
        jobs = [job for answer in answers[1:] for job in answer]
        yield from pipeline_rows(self._asking, header, own, jobs)


class ChildPipelines(Pipelines):
    """The same of pipelines that one of the same project started."""

    kind: ClassVar[str] = "child_pipelines"
    of_source: ClassVar[str | None] = CHILD


class _Reading:
    """One sync of one project."""

    def __init__(
        self,
        asking: Asking,
        place: Place,
        listed: PipelineList,
        kind: str,
        state: dict[str, Json],
    ) -> None:
        self._asking = asking
        self._place = place
        self._listed = listed
        self._state = state
        self._tell = asking.telling(place, kind)

    def pull(self) -> Iterator[Batch]:
        state = self._state
        if state:
            yield from self._forward()
        else:
            state.update(name=self._place.name, done=0, to="", edge=[])
            yield self._older(self._listed.page(None, None), is_first=True)
        if state["back"] is not None:
            while state["back"] is not None:
                yield self._older(self._listed.page(None, state["back"]))
            # What changed meanwhile may be on pages that were read before.
            yield from self._forward()

    def _older(self, page: PipelinePage, *, is_first: bool = False) -> Batch:
        """A page of the first reading, and where it goes on."""
        state = self._state
        state["back"] = page.after
        state["done"] += len(page.found)
        state["from"] = (page.oldest or state.get("from")) if page.after else None
        self._walk("first", page)
        self._tell(state["done"], None)
        return self._batch(page, state["from"], is_first=is_first, is_last=page.after is None)

    def _forward(self) -> Iterator[Batch]:
        """What changed since the newest change that is known."""
        known = Edge(self._state["to"], self._state["edge"])
        after, has_more = (self._state.get("pass") or {}).get("after"), True
        while has_more:
            page = self._listed.page(known.to or None, after)
            after, has_more = page.after, page.after is not None
            self._walk("pass", page)
            if not all(map(known.has, page.found)):
                yield self._batch(page, page.oldest if has_more else self._state.get("from"))

    def _walk(self, name: str, page: PipelinePage) -> None:
        """Takes note of a page of a walk, and of what is known when it was the last."""
        state, told = self._state, self._state.get(name)
        if told:
            walk = Walk.of(told).with_all(page.found)
        else:
            now = server_now(page.reply.headers, self._asking.context.clock())
            walk = Walk.begun(Edge(state["to"], state["edge"]), page.found, now)
        state[name] = {**asdict(walk), "after": page.after} if page.after else None
        is_begun = name == "first" and not told
        known = walk.first if is_begun and page.after else walk.known
        if (is_begun or page.after is None) and known.to >= state["to"]:
            state.update(asdict(known))

    def _batch(
        self,
        page: PipelinePage,
        since: str | None,
        *,
        is_first: bool = False,
        is_last: bool = False,
    ) -> Batch:
        is_whole = self._state["back"] is None and not is_last
        header = {
            "repository": self._place.name,
            "id": self._place.id,
            "projects": _names(self._asking.listed, page.found),
        }
        return Batch(
            payload=write_page(header, page.reply.body, *self._listed.more_jobs(page)),
            cursor=json.loads(json.dumps(self._state)),
            reading=Reading.INCREMENT if is_whole else Reading.COMPLETE,
            is_first=is_first,
            is_last=is_last,
            complete_from=_time(since),
        )


def _names(listed: Mapping[str, Json], found: Sequence[Json]) -> dict[str, str]:
    """Names of the projects whose pipelines started some of these, by their ids."""
    upstream = ((node.get("upstream") or {}).get("project") or {} for node in found)
    ids = {number_of(project["id"]) for project in upstream if project.get("id")}
    return {key: listed[key]["path_with_namespace"] for key in sorted(ids) if key in listed}


def _time(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None

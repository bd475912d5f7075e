"""The list of a project's pipelines, page by page, with what belongs to each page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from connectors.answers.moment import stamp
from connectors.answers.understanding import UNREADABLE
from connectors.gitlab.api.question import Sized, after, ask, nodes, part_of
from connectors.gitlab.asking import Asking, below, number_of
from connectors.hosting.deployment_rule import DeploymentSource
from connectors.hosting.place import Place
from connectors.http.paging import Ask, PagedList, by_link
from connectors.http.reply import Reply
from connectors.interface import Json

CHILD = "parent_pipeline"
"""Source of pipelines that one of the same project started."""


@dataclass(frozen=True, slots=True)
class PipelinePage:
    """One page: by the time they were made, newest first."""

    reply: Reply
    found: Sequence[Json]
    after: str | None
    """Where the next page begins; null after the last."""

    @property
    def oldest(self) -> str | None:
        """When the oldest of them was made; null if none tells."""
        return min(
            filter(None, (told_time(node, "createdAt") for node in self.found)), default=None
        )


class PipelineList:
    """How the list is read in one sync."""

    def __init__(self, asking: Asking, place: Place, source: str | None, sized: Sized) -> None:
        """Prepares to ask.

        Args:
            asking: the source.
            place: the project.
            source: what started them; null: anything but a pipeline of the same project.
            sized: how many are asked for at once.
        """
        self._asking = asking
        self._place = place
        self._source = source
        self._sized = sized
        self._has_jobs = DeploymentSource.JOBS in asking.rules.sources(place.name)
        self.is_filtered = True
        """Whether the source heeded what it was asked for, so far."""

    def page(self, since: str | None, cursor: str | None) -> PipelinePage:
        """Asks for those that changed since a time; null: for all.

        Raises:
            HttpError: if there is no usable answer.
        """
        reply = self._sized.ask(partial(self._ask, since, cursor))
        listed = part_of(reply, "pipelines")
        every = nodes(listed)
        found = [node for node in every if is_of(self._source, node)]
        times = filter(None, (told_time(node, "updatedAt") for node in found))
        is_by_time = since is None or all(time >= since for time in times)
        is_by_source = self._source is None or len(found) == len(every)
        self.is_filtered = self.is_filtered and is_by_time and is_by_source
        return PipelinePage(reply, found, after(listed, cursor))

    def more_jobs(self, page: PipelinePage) -> Iterator[bytes]:
        """All jobs of the pipelines that have more than fit on the page."""
        for node in page.found:
            if after(node.get("jobs")):
                listed = PagedList(
                    Ask(
                        below(self._place, f"pipelines/{number_of(node['id'])}/jobs"),
                        {"include_retried": True, "per_page": 100},
                    ),
                    by_link,
                    items=list,
                    key=lambda job: str(job["id"]),
                )
                for rest in listed.pages(self._asking.api):
                    yield rest.reply.body

    def _ask(self, since: str | None, cursor: str | None, size: int) -> Reply:
        variables = {
            "project": self._place.name,
            "first": size,
            "after": cursor,
            "updatedAfter": since,
            "source": self._source,
            "jobs": self._has_jobs,
        }
        return ask(self._asking.api, "pipelines", variables)


def is_of(source: str | None, node: Json) -> bool:
    """Whether a pipeline belongs to a list: old versions tell all, whatever they are asked for."""
    return bool(node.get("source") == CHILD) == (source is not None)


def told_time(node: Json, name: str) -> str | None:
    """A time of a pipeline as text in which later is greater; null if it does not tell."""
    with suppress(*UNREADABLE):
        return stamp(node[name])
    return None

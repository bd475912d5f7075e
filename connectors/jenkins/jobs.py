"""The jobs of a server, through its folders, asked for by `tree` and never by depth."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote, unquote

from connectors.answers.page import Header, write_page
from connectors.api.fields import name_of, packed, text_of
from connectors.api.reader import Items, OrganisationReader
from connectors.api.source import ApiSource
from connectors.interface import Batch, Cursor, Json, Reading
from connectors.jenkins.settings import Settings
from data.model import Pipeline, Record

LEVELS = 6
"""Folders in folders that one question sees; deeper ones are asked for on their own."""
_BRANCHES = "MultiBranch"
"""Part of the class of a folder that has a job for each branch."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the server tells it."""

    full_name: str
    """With its folders, and with its branch as Jenkins writes it."""
    pipeline: str
    """The same without the branch."""
    branch: str | None
    """Null: it has one job for whatever it builds."""
    told: Json

    @property
    def path(self) -> str:
        """Where it is asked."""
        return path_of(self.full_name)


def path_of(full_name: str) -> str:
    """The path of a job or folder below the address of the server."""
    return "".join(f"job/{quote(part, safe='')}/" for part in full_name.split("/") if part)


def tree_of(fields: str) -> str:
    """What is asked for of all jobs."""
    tree = "jobs[fullName]"
    for _ in range(LEVELS - 1):
        tree = f"jobs[_class,fullName,{fields},{tree}]"
    return tree


def jobs_of(api: ApiSource, settings: Settings, fields: str) -> Iterator[Job]:
    """All jobs that are read, by their names.

    Raises:
        HttpError: if there is no usable answer.
    """
    waiting: list[tuple[str, str]] = [("", "")]
    found: list[Job] = []
    while waiting:
        folder, kind = waiting.pop()
        answer = api.http.get(f"{path_of(folder)}api/json", {"tree": "_class," + tree_of(fields)})
        told = answer.json()
        found += _below(told, folder, kind or told.get("_class") or "", waiting, 1)
    wanted = (job for job in found if settings.is_read(job.pipeline))
    return iter(sorted(wanted, key=lambda job: job.full_name))


def _below(
    folder: Json, name: str, kind: str, waiting: list[tuple[str, str]], level: int
) -> Iterator[Job]:
    for told in folder["jobs"]:
        full_name = text_of(told, "fullName")
        if level == LEVELS:
            waiting.append((full_name.rpartition("/")[0], kind))
            return
        if "jobs" in told:
            yield from _below(told, full_name, told["_class"], waiting, level + 1)
        elif _BRANCHES in kind:
            yield Job(full_name, name, unquote(full_name.rpartition("/")[2]), told)
        else:
            yield Job(full_name, full_name, None, told)


class Jobs(OrganisationReader):
    """Reads which pipelines there are."""

    kind: ClassVar[str] = "jobs"
    entities: ClassVar[tuple[str, ...]] = ("pipeline", "gap")
    needs: ClassVar[str] = "Overall/Read and Job/Read; Job/Discover shows no names"

    def __init__(self, api: ApiSource, settings: Settings) -> None:
        self._api = api
        self._settings = settings

    def pull(self, cursor: Cursor | None) -> Items:
        """Yields all pipelines if one is not as it was."""
        pipelines: dict[str, Json] = {}
        for job in jobs_of(self._api, self._settings, "url,buildable"):
            known = pipelines.setdefault(job.pipeline, {"id": job.pipeline, "branches": {}})
            known["branches"][job.branch or ""] = job.told
        page = write_page({}, packed(list(pipelines.values())))
        after = {"digest": hashlib.sha256(page).hexdigest()}
        if after != cursor:
            yield Batch(page, after, Reading.COMPLETE, is_last=True, is_first=True)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:  # noqa: ARG002
        """Maps the page."""
        yield from self._api.mapped("pipeline", answers[0], self._pipeline)
        told = [each for item in answers[0] for each in item["branches"].values()]
        yield from self._api.unsent("pipeline", told, ("buildable", "url"))

    def _pipeline(self, item: Json) -> Iterator[Pipeline]:
        branches = item["branches"]
        told = [job.get("buildable") for job in branches.values()]
        is_known = all(isinstance(each, bool) for each in told)
        yield Pipeline(
            id=self._api.row_id("pipeline", item["id"]),
            source=self._api.source,
            url=_url_of(branches),
            repository=None,
            name=item["id"],
            path=None,
            is_active=any(told) if is_known else None,
        )


def _url_of(branches: Mapping[str, Json]) -> str | None:
    """The page of a job, or of the project that its branches are jobs of."""
    branch, told = next(iter(branches.items()))
    url = name_of(told, "url")
    return url.rstrip("/").rpartition("/job/")[0] + "/" if url and branch else url

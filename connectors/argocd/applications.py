"""The stream of applications: what was deployed since each was read last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar

from connectors.answers.page import Header, write_page
from connectors.answers.understanding import LATE, UNREADABLE
from connectors.api.connector import ApiReader
from connectors.api.fields import name_of, packed, without
from connectors.api.reader import Items
from connectors.api.source import ApiSource
from connectors.argocd.rows import rows_of
from connectors.argocd.settings import Settings
from connectors.argocd.story import Known, news_of
from connectors.http.errors import UnexpectedReply
from connectors.interface import Batch, Cursor, Json
from connectors.journal import Journal
from data.model import Record

_PATH = "api/v1/applications"
SECRET = frozenset(
    {"annotations", "managedFields", "helm", "plugin", "directory", "manifests", "info", "env"}
)
"""Fields that hold parameters, files or notes of any kind: they are not kept."""


class Applications(ApiReader):
    """Reads the history that the server keeps of each application, and what runs now."""

    kind: ClassVar[str] = "applications"
    entities: ClassVar[tuple[str, ...]] = ("deployment", "gap")
    needs: ClassVar[str] = "an account with the right `applications, get`"

    def __init__(self, api: ApiSource, settings: Settings) -> None:
        self._api = api
        self._settings = settings
        self._journal = Journal(api.context, api.source, self.kind, api.http.base_url)

    def look(self) -> None:
        """Asks for what a reading asks for."""
        self._listed()

    def pull(self, cursor: Cursor | None) -> Items:
        """Writes down what is new, then yields what was written since."""
        listed = self._listed()
        known: dict[str, Known] = {}
        for line in self._journal.lines():
            known[line["key"]] = Known.after(line)
        projects = self._settings.projects
        wanted = [each for each in listed if not projects or _project(each) in projects]
        self._journal.write([line for each in wanted if (line := self._news(each, known))])
        for lines, after in self._journal.pages(cursor):
            yield Batch(write_page({}, packed(lines)), after)
        if len(wanted) < len(listed):
            yield self._api.filter_ignored(self.kind, "`projects`")

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:  # noqa: ARG002
        """Maps one page: what was new of some applications."""
        (lines,) = answers
        named = ({**line, "id": line["key"]} for line in lines)
        make = partial(rows_of, self._api, self._settings)
        yield from _last_of_each(self._api.mapped("application", named, make))

    def _listed(self) -> Sequence[Json]:
        reply = self._api.http.get(_PATH, {"projects": list(self._settings.projects)})
        listed = reply.json()["items"] or []
        if not isinstance(listed, list):
            raise UnexpectedReply("the answer is no list", reply.where, LATE, reply.status)
        return listed

    def _news(self, application: Json, known: dict[str, Known]) -> Json:
        """The line for an application; null where nothing is new of it."""
        told = without(application, SECRET)
        key = name_of(told.get("metadata"), "uid", "name") or packed(told).decode()[:200]
        try:
            return news_of(key, told, known.get(key))
        except UNREADABLE:
            # What cannot be understood is written down once, and is a gap among the rows.
            line = {"key": key, "application": told, "history": None}
            is_known = key in known and known[key].unread == packed(told).decode()
            return None if is_known else line


def _project(application: Json) -> str | None:
    return name_of((application.get("spec") or {}), "project")


def _last_of_each(rows: Iterator[Record]) -> list[Record]:
    """One row of each id: of two lines on one page the later holds."""
    return list({(type(row), row.id): row for row in rows}.values())

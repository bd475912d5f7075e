"""The streams of what GitLab recorded of a group, and of each project, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar
from urllib.parse import quote

from connectors.answers.page import Header
from connectors.api.reader import Items, OrganisationReader
from connectors.gitlab.asking import Asking
from connectors.gitlab.governance.accounts import Accounts
from connectors.gitlab.governance.audit_log import AuditLog
from connectors.gitlab.governance.audit_rows import audit_row
from connectors.hosting.place import Place
from connectors.hosting.readable import readable
from connectors.hosting.reader import Reader
from connectors.interface import Cursor, Json
from data.model import Record


class Audit(OrganisationReader):
    """Reads what was recorded of the group: GitLab tells what concerns a project with that one."""

    kind: ClassVar[str] = "audit"
    entities: ClassVar[tuple[str, ...]] = ("audit_event", "gap")
    needs: ClassVar[str] = (
        "scope read_api, Owner of the group (others are told their own events); Premium"
    )
    blind: ClassVar[tuple[str, ...]] = ("AC-04",)

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._accounts = Accounts(asking.api)

    def pull(self, cursor: Cursor | None) -> Items:
        """Yields events that are new, then older ones of a year."""
        settings, group = self._asking.settings, self._asking.group
        if settings.projects and settings.group is None:
            return  # single projects are read, and no group
        path = f"groups/{quote(group, safe='')}"
        header = {"group": group}
        log = AuditLog(self._asking, group, path, header, self.kind, self.needs, self._accounts)
        yield from log.pull(cursor)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        yield from _rows(self._asking, header, header["group"], None, answers)


class RepositoryAudit(Reader):
    """Reads what was recorded of a project."""

    kind: ClassVar[str] = "repository_audit"
    entities: ClassVar[tuple[str, ...]] = ("audit_event", "gap")
    needs: ClassVar[str] = "scope read_api, Maintainer (others are told their own events); Premium"
    blind: ClassVar[tuple[str, ...]] = ("BP-06", "CM-11")

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._accounts = Accounts(asking.api)

    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields events that are new, then older ones of a year."""
        path = f"projects/{place.id}"
        header = {"repository": place.name, "id": place.id}
        log = AuditLog(
            self._asking, place.name, path, header, self.kind, self.needs, self._accounts
        )
        yield from log.pull(cursor)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        project = header["repository"]
        yield from _rows(self._asking, header, project, project, answers)


def _rows(
    asking: Asking, header: Header, where: str, project: str | None, answers: Sequence[Json]
) -> Iterator[Record]:
    accounts = header.get("accounts", {})

    def row(item: Json) -> Record:
        return audit_row(asking, where, project, item, accounts.get(str(item.get("author_id"))))

    events = [item for page in answers for item in page]
    yield from readable(asking, where, "audit", events, row)

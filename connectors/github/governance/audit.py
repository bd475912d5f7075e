"""The stream of an organisation's audit log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from connectors.answers.page import Header
from connectors.api.reader import Items, OrganisationReader
from connectors.github.api.rest_list import RestList
from connectors.github.asking import Asking, row_id
from connectors.hosting.newest_first import NewestFirst
from connectors.hosting.readable import readable
from connectors.http.errors import Forbidden, NotFound
from connectors.interface import Batch, Cursor, Json
from data.model import AuditEvent, GapReason, Record

_LOOK_BACK = timedelta(days=90)
"""How far the first reading goes; the log itself keeps 180 days."""
_SUBJECTS = ("name", "user", "team", "permission_target", "integration", "repo")
"""What tells most narrowly what something was done to, in this order."""
_DETAILS = ("permission", "old_permission", "visibility", "previous_visibility", "role", "reason")


class Audit(OrganisationReader):
    """Reads what GitHub recorded of changes to rules and rights, newest first."""

    kind: ClassVar[str] = "audit"
    entities: ClassVar[tuple[str, ...]] = ("audit_event", "gap")
    needs: ClassVar[str] = (
        "organisation Administration: read, of an owner, on GitHub Enterprise Cloud"
    )
    blind: ClassVar[tuple[str, ...]] = ("AC-04", "BP-06")

    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    @property
    def is_wanted(self) -> bool:
        """Whether an organisation is read, and not single repositories."""
        return not self._asking.settings.repositories

    def pull(self, cursor: Cursor | None) -> Items:
        """Yields events that are new, then older ones; a plan without a log is a gap."""
        organisation = self._asking.organisation
        since = (cursor or {}).get("since") or self._first_day()
        params = {
            "phrase": f"created:>={since}",
            "include": "web",
            "order": "desc",
            "per_page": self.page_size,
        }
        listed = RestList(self._asking.api, f"orgs/{organisation}/audit-log", params)
        try:
            for item in NewestFirst(
                name=organisation,
                header={"organisation": organisation},
                ask=listed.ask,
                stamp=lambda event: _happened_at(event).isoformat(),
                probe=listed.probe,
            ).pull(cursor):
                yield _since(since, item) if isinstance(item, Batch) else item
        except (Forbidden, NotFound) as refused:
            yield self._asking.gap(
                organisation,
                self.kind,
                GapReason.NO_PERMISSION if isinstance(refused, Forbidden) else GapReason.NOT_FOUND,
                f"the audit log is not told ({refused.what}): it is part of GitHub Enterprise "
                "Cloud, and shown to owners",
                f"{refused.fix}; without the plan it stays unknown",
            )

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        organisation = header["organisation"]
        for items in answers:
            yield from readable(
                self._asking,
                organisation,
                "audit",
                items,
                lambda item: self._row(organisation, item),
            )

    def _first_day(self) -> str:
        return f"{self._asking.context.clock() - _LOOK_BACK:%Y-%m-%d}"

    def _row(self, organisation: str, item: Json) -> AuditEvent:
        details = [f"{name}: {item[name]}" for name in _DETAILS if item.get(name) is not None]
        subjects = (str(item[name]) for name in _SUBJECTS if item.get(name))
        return AuditEvent(
            id=row_id(organisation, "audit", item["_document_id"]),
            source=self._asking.source,
            url=f"{self._asking.site}/organizations/{organisation}/settings/audit-log",
            happened_at=_happened_at(item),
            action=item["action"],
            actor=item.get("actor"),
            subject=next(subjects, None),
            repository=item.get("repo"),
            sha=item.get("after"),
            detail=", ".join(details) or None,
        )


def _happened_at(item: Json) -> datetime:
    """When it happened: the log counts milliseconds."""
    return datetime.fromtimestamp(item["@timestamp"] / 1000, UTC)


def _since(day: str, batch: Batch) -> Batch:
    """The page with the day from which on all is asked for, which stays: pages hang on it."""
    since = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return replace(
        batch,
        cursor={**batch.cursor, "since": day},
        complete_from=batch.complete_from or since,
    )

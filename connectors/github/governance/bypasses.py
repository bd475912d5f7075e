"""The stream of pushes that passed a repository's rules by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from connectors.answers.moment import moment
from connectors.answers.page import Header
from connectors.answers.understanding import LATE
from connectors.api.reader import Items
from connectors.github.api.survey import Survey
from connectors.github.api.switched_off import is_switched_off, switched_off
from connectors.github.asking import Asking, row_id
from connectors.hosting.place import Place
from connectors.hosting.readable import readable
from connectors.hosting.reader import Reader
from connectors.http.errors import Forbidden, NotFound
from connectors.interface import Batch, Cursor, Json
from data.model import AuditEvent, Gap, GapReason, Record

LOOK_BACK = timedelta(days=28)
"""GitHub can be asked for the last month: so much is a month at least."""
_LOOK_EVERY = timedelta(days=1)
"""So often it is noted that all was read, also where nothing happened."""
_RESULT = "bypass"


class Bypasses(Reader):
    """Reads how rulesets judged pushes, as far as they were passed by."""

    kind: ClassVar[str] = "bypasses"
    entities: ClassVar[tuple[str, ...]] = ("audit_event", "gap")
    needs: ClassVar[str] = "Administration: read; on servers up to 3.16 write"
    blind: ClassVar[tuple[str, ...]] = ("CM-10", "CM-11")

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def closes_at(self, cursor: Cursor) -> datetime | None:
        """A month after the last reading, which is how far GitHub looks back."""
        read_at = cursor.get("read_at")
        return moment(read_at) + LOOK_BACK if read_at else None

    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields one page with what a month brought, if it is not what it was."""
        known = dict(cursor or {})
        now = self._asking.context.clock()
        survey = Survey(self._asking.api, known, place.name, lambda _name, answer: answer)
        is_due = "read_at" not in known or now >= moment(known["read_at"]) + _LOOK_EVERY
        try:
            if is_due or survey.has_changed():
                batch = self._read(survey, place, known, now)
                yield batch
                known = dict(batch.cursor)
        except (Forbidden, NotFound) as refused:
            if not is_switched_off(refused):
                raise
            yield switched_off(self._asking, place.name, self.kind, "rulesets", refused)
        if known.get("others"):
            yield self._ignored(place.name, known["others"])

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        repository = header["repository"]
        if header["lost"]:
            yield self._lost(repository, *map(moment, header["lost"]))
        yield from readable(
            self._asking,
            repository,
            "rule suite",
            [item for page in answers for item in page if not _is_other(item)],
            lambda item: self._row(repository, item),
        )

    def _read(self, survey: Survey, place: Place, known: Cursor, now: datetime) -> Batch:
        params = {"rule_suite_result": _RESULT, "time_period": "month"}
        suites = survey.ask_list("suites", f"repos/{place.name}/rulesets/rule-suites", params)
        seen_from = now - LOOK_BACK
        closed_at = self.closes_at(known)
        is_lost = closed_at is not None and closed_at < now
        first = moment(known["from"]) if "from" in known else seen_from
        return Batch(
            payload=survey.page(
                {
                    "repository": place.name,
                    "id": place.id,
                    "lost": [known["read_at"], seen_from.isoformat()] if is_lost else None,
                }
            ),
            cursor={
                **survey.cursor,
                "read_at": now.isoformat(),
                "from": first.isoformat(),
                "others": sum(map(_is_other, suites or ())),
            },
            complete_from=first,
        )

    def _row(self, repository: str, item: Json) -> AuditEvent:
        return AuditEvent(
            # Not by the repository: what happened is told once, also after it was renamed.
            id=row_id(self._asking.organisation, "rule_suite", item["id"]),
            source=self._asking.source,
            url=self._asking.page(repository, "settings/rules/insights"),
            happened_at=moment(item["pushed_at"]),
            action=f"rule_suite.{_RESULT}",
            actor=item["actor_name"],
            subject=item["ref"],
            repository=repository,
            sha=item["after_sha"],
            detail=None,
        )

    def _ignored(self, repository: str, count: int) -> Gap:
        what = (
            "the filter for pushes that passed rules by was ignored: others may have come instead"
        )
        return self._asking.gap(repository, self.kind, GapReason.FILTER_IGNORED, what, LATE, count)

    def _lost(self, repository: str, since: datetime, until: datetime) -> Gap:
        gap = self._asking.gap(
            repository,
            f"{self.kind}/{since:%Y-%m-%d}",
            GapReason.TRUNCATED,
            f"who passed rules by between {since:%Y-%m-%d} and {until:%Y-%m-%d} is lost: "
            "GitHub can be asked for a month",
            f"sync at least every {LOOK_BACK.days} days",
        )
        return replace(gap, since_at=since, until_at=until)


def _is_other(item: Json) -> bool:
    """Whether it is a push that was not asked for."""
    return isinstance(item, dict) and item.get("result") in ("pass", "fail")

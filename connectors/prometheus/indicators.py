"""The streams of objectives, utilisation and requests: points of the past, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connectors.answers.page import Header, write_page
from connectors.api.source import ApiSource
from connectors.interface import Batch, Cursor, Json, Stream
from connectors.prometheus import queries
from connectors.prometheus.indicator_rows import IndicatorRows
from connectors.prometheus.reader import Items, PrometheusReader, at
from connectors.prometheus.server import MOST_POINTS, Server
from connectors.prometheus.settings import (
    Objective,
    PrometheusSettings,
    RequestCount,
    TokenCount,
    Utilisation,
)
from data.model import Gap, GapReason, IndicatorKind, Record

_DAY_SECONDS = 86_400
_MOST_DAYS = 30

Measured = Objective | Utilisation | RequestCount | TokenCount


class Indicators(PrometheusReader):
    """Reads the points of one thing that is measured."""

    page_days = _MOST_DAYS
    """Days a page, at most."""

    def __init__(
        self, api: ApiSource, server: Server, settings: PrometheusSettings, measured: Measured
    ) -> None:
        super().__init__(api, server, settings)
        self._measured = measured
        self._kind = _kind(measured)
        name = f"{self._kind.value}:{measured.name}"
        self.stream = Stream(name, ("indicator", "gap"), "queries")

    def pull(self, cursor: Cursor) -> Items:
        """Yields pages of whole days, and the day that is not over anew until it is."""
        step = self._settings.resolution_seconds
        until, is_empty = self._server.now // step * step, bool(cursor.get("is_empty"))
        known = cursor["until"] if cursor else self._server.first
        first = cursor.get("since", known // _DAY_SECONDS * _DAY_SECONDS)
        if not cursor or until > known:
            since = max(known, self._server.oldest) // _DAY_SECONDS * _DAY_SECONDS
            lost = [known, since] if cursor and since > known else None
            for page_since, page_until in self._stretches(since, until, step):
                payload, is_empty = self._page(page_since, page_until, step, lost)
                after = {
                    "until": page_until,
                    "since": first,
                    "is_empty": is_empty,
                    "retention_seconds": self._server.retention_seconds,
                }
                is_last = page_until == until
                yield Batch(payload, after, is_last=is_last, complete_from=at(first))
                lost = None
        if is_empty:
            yield self._nothing()

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        yield from self.warned(header, answers)
        if header["lost"]:
            yield self.lost(*header["lost"])
        yield from IndicatorRows(self._api, header, answers).rows()

    def _stretches(self, since: int, until: int, step: int) -> Iterator[tuple[int, int]]:
        days = min(self.page_days, MOST_POINTS * step // _DAY_SECONDS)
        while since < until:
            end = min(since + days * _DAY_SECONDS, until)
            yield since, end
            since = end

    def _page(
        self, since: int, until: int, step: int, lost: Sequence[int] | None
    ) -> tuple[bytes, bool]:
        asked = self._queries(step)
        # The point at the end of a step tells of the step: the first is not at the start.
        replies = [self._server.range(q, since + step, until, step) for q in asked.values()]
        header = {
            "server": self.pages,
            "labels": self._settings.labels.model_dump(mode="json"),
            "kind": self._kind.value,
            "name": self._measured.name,
            "service": self._measured.service,
            "environment": self._measured.environment,
            "default_environment": self._settings.environment,
            "target": getattr(self._measured, "target", None),
            "from": since,
            "until": until,
            "step": step,
            "lost": lost,
            "asked": asked,
        }
        is_empty = not all(reply.json()["data"]["result"] for reply in replies)
        return write_page(header, *(reply.body for reply in replies)), is_empty

    def _queries(self, step: int) -> Mapping[str, str]:
        match self._measured:
            case Objective(good=str(good), total=str(total)):
                by = self._grouped_by
                return {
                    "good": queries.counted(good, by, step),
                    "total": queries.counted(total, by, step),
                }
            case RequestCount(query=query) | TokenCount(query=query):
                return {"count": queries.counted(query, self._grouped_by, step)}
            case Objective(ratio=str(query)) | Utilisation(query=query):
                return {"value": queries.while_awake(query, self._settings.heartbeat, step)}
        raise AssertionError(self._measured)

    @property
    def _grouped_by(self) -> Sequence[str]:
        """The labels that tell services and environments apart, where they are not fixed."""
        names = self._settings.labels
        service = () if self._measured.service else names.service
        return (*service, *(() if self._measured.environment else names.environment))

    def _nothing(self) -> Gap:
        return self._api.gap(
            f"{self.stream.name}/nothing",
            GapReason.NOT_FOUND,
            f"{self.stream.name}: a query of it tells nothing",
            "check the query on the server's own page, and that what it counts is scraped",
        )


def _kind(measured: Measured) -> IndicatorKind:
    match measured:
        case Objective():
            return IndicatorKind.OBJECTIVE
        case Utilisation():
            return IndicatorKind.UTILISATION
        case RequestCount():
            return IndicatorKind.REQUESTS
        case TokenCount():
            return IndicatorKind.TOKENS

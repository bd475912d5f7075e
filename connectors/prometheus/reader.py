"""What all streams of a Prometheus source have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from connectors.answers.page import Header
from connectors.api.source import ApiSource
from connectors.interface import Batch, Cursor, Json, Stream
from connectors.prometheus.answers import warnings_of
from connectors.prometheus.server import Server
from connectors.prometheus.settings import PrometheusSettings
from data.model import Gap, GapReason, Record

Items = Iterator[Batch | Gap]

_LONGEST_WARNING = 200


class PrometheusReader(ABC):
    """Reads one stream."""

    stream: Stream

    def __init__(self, api: ApiSource, server: Server, settings: PrometheusSettings) -> None:
        self._api = api
        self._server = server
        self._settings = settings

    @abstractmethod
    def pull(self, cursor: Cursor) -> Items:
        """Yields what is new; see `Connector.pull`. The first cursor is empty."""

    @abstractmethod
    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page; see `Connector.rows`."""

    @property
    def pages(self) -> str:
        """Where people see the server, with a slash at its end."""
        return (self._settings.web_url or self._settings.url).rstrip("/") + "/"

    def lost(self, since: int, until: int) -> Gap:
        """What the server forgot before it was read."""
        return self._api.gap(
            f"{self.stream.name}/lost/{since}",
            GapReason.TRUNCATED,
            f"what {self.stream.name} told between {at(since):%Y-%m-%d %H:%M} and "
            f"{at(until):%Y-%m-%d %H:%M} UTC is lost: the server no longer has it",
            "sync more often, or let the server keep more (--storage.tsdb.retention.time)",
            during=(at(since), at(until)),
        )

    def warned(self, header: Header, answers: Sequence[Json]) -> Iterator[Gap]:
        """What the server itself says to be missing of its answers."""
        told = dict.fromkeys(text for answer in answers for text in warnings_of(answer))
        for number, text in enumerate(told):
            yield self._api.gap(
                f"{self.stream.name}/warning/{header['until']}/{number}",
                GapReason.TRUNCATED,
                f"the server warns of its answer: {' '.join(text.split())[:_LONGEST_WARNING]}",
                "mend what it warns of; what it told is used",
                during=(at(header["from"]), at(header["until"])),
            )


def at(seconds: int) -> datetime:
    """A time told in seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def graph(server: str, query: str, until: int) -> str:
    """The page of the server that draws a query."""
    asked = {
        "g0.expr": query,
        "g0.tab": "0",
        "g0.range_input": "1d",
        "g0.end_input": f"{at(until):%Y-%m-%d %H:%M:%S}",
    }
    return f"{server}graph?{urlencode(asked)}"

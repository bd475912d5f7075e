"""The `airflow` source: the DAGs, runs, tasks and assets of one server of Airflow 3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import ClassVar

from pydantic import BaseModel

from connectors.airflow import assets, dags, runs
from connectors.airflow.api import AirflowApi
from connectors.airflow.assets import Assets
from connectors.airflow.checking import findings
from connectors.airflow.dags import Dags
from connectors.airflow.naming import Naming
from connectors.airflow.runs import Runs
from connectors.airflow.settings import Settings as AirflowSettings
from connectors.answers.fitting import fitted
from connectors.answers.understanding import understood
from connectors.http.errors import Refused
from connectors.interface import Batch, Connector, Context, Cursor, Finding, Requests, Stream
from data.model import Gap, Record


class Airflow(Connector):
    """Reads one server."""

    Settings: ClassVar[type[BaseModel]] = AirflowSettings

    def __init__(self, source: str, settings: AirflowSettings, context: Context) -> None:
        self.source = source
        self._settings = settings
        self._context = context
        self._naming = Naming(source, f"{settings.web_url or settings.url}/")

    @property
    def requests(self) -> Requests:
        """What was asked so far; Airflow has no limit of its own."""
        usage = self._api.usage
        return Requests(usage.requests, usage.counted, None)

    def discover(self) -> Sequence[Stream]:
        """Lists the three streams.

        Raises:
            HttpError: if the server is none of Airflow 3.
        """
        self._api.require_version()
        return tuple(self._kinds_by_stream)

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields what is new; a refusal is a gap of the stream."""
        kind = self._kinds[stream.name]
        try:
            yield from understood(kind.pull(cursor or {}), f"{self.source} {stream.name}")
        except Refused as refused:
            yield refused.gap(self._naming.prefix, self.source, stream.name)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        """Maps one page; what cannot be mapped becomes a gap, what comes twice is told once."""
        rows = self._kinds[stream].rows(payload)
        return list({(type(row), row.id): row for row in fitted(rows)}.values())

    def check(self) -> Sequence[Finding]:
        """Asks for the version, and for one item of each stream."""
        return list(findings(self._api, self.source))

    @cached_property
    def _api(self) -> AirflowApi:
        return AirflowApi(self._settings, self._context)

    @cached_property
    def _kinds(self) -> dict[str, Dags | Runs | Assets]:
        return {stream.name: kind for stream, kind in self._kinds_by_stream.items()}

    @cached_property
    def _kinds_by_stream(self) -> dict[Stream, Dags | Runs | Assets]:
        return {
            dags.STREAM: Dags(self._api, self._naming),
            runs.STREAM: Runs(self._api, self._naming, self._tell),
            assets.STREAM: Assets(self._api, self._naming),
        }

    def _tell(self, done: int) -> None:
        self._context.progress(f"{self.source} runs", done, None)

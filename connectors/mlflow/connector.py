"""The source `mlflow`: models, versions, what happened to them, and the runs that made them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar

from connectors.answers.fitting import fitted
from connectors.answers.understanding import understood
from connectors.credential import Credential
from connectors.http.errors import Refused
from connectors.http.retry import Timing
from connectors.http.session import Http
from connectors.interface import Batch, Connector, Context, Cursor, Finding, Requests, Stream
from connectors.mlflow.api import Server
from connectors.mlflow.check import findings
from connectors.mlflow.experiments import Experiments, read_experiments
from connectors.mlflow.reading import Versions, read_registry, read_versions
from connectors.mlflow.registry import CHANGES_A_PAGE, Registry
from connectors.mlflow.registry_rows import registry_rows
from connectors.mlflow.run_rows import run_rows
from connectors.mlflow.runs import RunReading
from connectors.mlflow.settings import MLflowSettings
from connectors.mlflow.state import StateFiles
from connectors.reaching import findings_of
from connectors.state_file import StateFile
from data.model import Gap, Record

REGISTRY = Stream(
    "registry",
    ("model", "model_version", "model_event", "lineage_edge", "gap"),
    "the right to read registered models",
    is_remembered=True,
)
RUNS = Stream(
    "runs",
    ("training_run", "evaluation", "dataset", "lineage_edge", "gap"),
    "the right to read experiments",
)


class MLflow(Connector):
    """Reads a registry as a whole each time, and the runs that ended since."""

    Settings: ClassVar[type[MLflowSettings]] = MLflowSettings
    changes_a_page = CHANGES_A_PAGE

    def __init__(self, source: str, settings: MLflowSettings, context: Context) -> None:
        self.source = source
        self._settings = settings
        self._context = context
        timing = Timing(context.clock, context.sleep)
        self._http = Http(settings.url, timing, _credential(settings, context))
        self._server = Server(self._http, settings.web_url)
        self._versions: Versions | None = None

    @property
    def requests(self) -> Requests:
        """What was asked of the server so far."""
        usage = self._http.usage
        return Requests(usage.requests, usage.counted, None)

    def discover(self) -> Sequence[Stream]:
        """Lists the two streams."""
        return (REGISTRY, RUNS)

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields what is new of a stream; one that is refused is a gap."""
        try:
            pulled = self._registry(cursor) if stream == REGISTRY else self._runs(cursor)
            yield from understood(pulled, f"{self._server.address} {stream.name}")
        except Refused as refused:
            yield refused.gap(f"mlflow:{self.source}", self.source, stream.name)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        """Maps one page."""
        rows = registry_rows if stream == REGISTRY.name else run_rows
        return list(fitted(rows(self.source, payload)))

    def check(self) -> Sequence[Finding]:
        """Checks the address, the version of the server, and what may be read of it."""
        return list(findings_of(self.source, findings(self._server)))

    def _registry(self, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        folder = self._context.mirrors / re.sub(r"[^A-Za-z0-9._-]", "_", self.source)
        clock, files = self._context.clock, StateFiles(folder)
        read = partial(read_registry, self._server, clock, self._read_versions)
        registry = Registry(
            self.source, self._server, files, read, self.changes_a_page, self._context.progress
        )
        yield from registry.pull(cursor)

    def _read_versions(self) -> Versions:
        """Reads them for both streams: what one stream just read is there for the other."""

        def progress(done: int) -> None:
            self._context.progress(f"{self.source}: versions", done, None)

        self._versions = read_versions(self._server, progress)
        return self._versions

    def _runs(self, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        try:
            versions = self._versions or self._read_versions()
        except Refused:
            # The other stream says so; which run made a version is not known then.
            versions = None
        environments = self._settings.environments
        experiments, states = self._experiments(), StateFile(self._context, self.source, RUNS.name)
        reading = RunReading(self.source, self._server, experiments, versions, environments, states)
        yield from reading.pull(cursor)

    def _experiments(self) -> Experiments:
        include, exclude = self._settings.include, self._settings.exclude
        return read_experiments(self._server, include, exclude)


def _credential(settings: MLflowSettings, context: Context) -> Credential | None:
    if settings.password is not None:
        return Credential(settings.password, context.folder, user=settings.username)
    return Credential(settings.token, context.folder) if settings.token else None

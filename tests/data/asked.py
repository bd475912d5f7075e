"""A published story of which only those facts are built that are asked for.

What they are made from is built with them, and every invariant that speaks of them is checked.
`tests.data.facts.test_parts` holds that each fact comes out as it does where all are built.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import pyarrow as pa

from data.configuration import Configuration
from data.facts.build import FACTS, PUBLISHED, build
from data.facts.parts import built_for
from data.model import Record
from data.store.hub import Parameters
from data.store.publish import publish
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.streams import known_until
from data.store.working import Working
from data.store.workspace import Workspace
from tests.data.published import merged

_PARTS = 2
"""So many times only what is asked for is built; who asks for still more gets all."""


class Unfolding:
    """A snapshot that is published when it is asked, with what it is asked for."""

    def __init__(self, workspace: Workspace, working: Working, configuration: Configuration):
        self._workspace = workspace
        self._working = working
        self._configuration = configuration
        self._parts: list[tuple[frozenset[str], Snapshot]] = []
        self._opened = ExitStack()

    @property
    def as_of(self) -> datetime:
        return known_until(self._working.connection)

    def query(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        return self._part(sql).query(sql, parameters)

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        return self._part(sql).rows(sql, parameters)

    def remembered(self, sql: str) -> list[dict[str, Any]]:
        return self._part(sql).remembered(sql)

    def attempt(
        self,
        sql: str,
        parameters: Parameters | None = None,
        beside: Mapping[str, pa.Table] = MappingProxyType({}),
    ) -> pa.Table:
        return self._part(sql).attempt(sql, parameters, beside)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._with(frozenset(FACTS)), name)

    def close(self) -> None:
        """Closes all that was opened."""
        self._opened.close()

    def _part(self, sql: str) -> Snapshot:
        """A snapshot with the facts that a statement names, and maybe more."""
        return self._with(frozenset(re.findall(r"\w+", sql)) & frozenset(PUBLISHED))

    def _with(self, facts: frozenset[str]) -> Snapshot:
        for built, part in self._parts:
            if facts <= built:
                return part
        wanted = built_for(facts if len(self._parts) < _PARTS else FACTS)
        fill = partial(build, configuration=self._configuration, facts=wanted)
        name = publish(self._workspace, self._working.connection, fill, keep=5)
        reader = self._opened.enter_context(closing(SnapshotReader(self._workspace)))
        part = self._opened.enter_context(reader.reading(name))
        self._parts.append((wanted, part))
        return part


@contextmanager
def asked(
    folder: Path,
    records: Iterable[Record],
    configuration: Configuration | None = None,
    as_of: str = "2026-11-01",
    others: Mapping[str, Iterable[Record]] = MappingProxyType({}),
    offers: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Iterator[Snapshot]:
    """As `tests.data.published.published`, but each fact is built once it is asked for."""
    workspace = Workspace(folder)
    with (
        merged(workspace, records, as_of, others, offers) as working,
        closing(Unfolding(workspace, working, configuration or Configuration())) as snapshot,
    ):
        yield cast(Snapshot, snapshot)

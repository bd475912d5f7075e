"""What a format of events must say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from connectors.events.row import row_of
from connectors.events.told import Told
from connectors.interface import Json
from data.model import Record

Headers = Mapping[str, str]
"""Names in lower case."""


class Scheme(StrEnum):
    """How a sender shows that it is the one."""

    BEARER = "bearer"
    """The token, as `Authorization: Bearer …`."""
    GITLAB = "gitlab"
    """The token, as `X-Gitlab-Token`."""
    HUB = "hub"
    """HMAC-SHA256 of the body, as `X-Hub-Signature-256: sha256=…`."""
    MLFLOW = "mlflow"
    """HMAC-SHA256 of delivery, time and body, as `X-MLflow-Signature: v1,…`."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it was received."""

    id: str
    received_at: datetime
    headers: Headers
    """Those that the format keeps."""
    body: Json


class Format(ABC):
    """A format of events. All of it is pure."""

    name: ClassVar[str]
    schemes: ClassVar[tuple[Scheme, ...]]
    """Those its senders know; the first is the one for its kind of secret."""
    kept_headers: ClassVar[tuple[str, ...]] = ()
    entities: ClassVar[tuple[str, ...]]
    """Those it may tell of."""

    @abstractmethod
    def event_id(self, headers: Headers, body: Json) -> str:
        """What makes the event the one it is, also when it is sent again.

        Raises:
            Misfit: if it has no id: it is refused then.
        """

    @abstractmethod
    def occurred_at(self, body: Json) -> str | None:
        """When it happened; null if the format does not tell.

        Raises:
            Misfit: if what should be the time is none.
        """

    @abstractmethod
    def tell(self, prefix: str, event: Event) -> Iterator[Told]:
        """Yields what it says; nothing, if it is about what no entity is for.

        Args:
            prefix: with which ids of rows begin.
            event: the event.

        Raises:
            Misfit: if it is not what the format says.
        """

    def row(self, kind: str, id: str, source: str, facts: Mapping[str, Json]) -> Record | None:
        """The row that facts make; null if they make none yet.

        Raises:
            Misfit: if something is missing that was never told.
        """
        return row_of(kind, id, source, facts)

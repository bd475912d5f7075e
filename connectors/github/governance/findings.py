"""The streams of what scans found: in dependencies, in code, and secrets."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from connectors.answers.moment import stamp
from connectors.answers.page import Header
from connectors.api.reader import Items
from connectors.github.api.rest_list import RestList
from connectors.github.api.switched_off import is_switched_off, switched_off
from connectors.github.asking import Asking
from connectors.github.governance.finding_rows import (
    code_finding,
    dependency_finding,
    secret_finding,
)
from connectors.hosting.newest_first import NewestFirst
from connectors.hosting.place import Place
from connectors.hosting.readable import readable
from connectors.hosting.reader import Reader
from connectors.http.errors import Forbidden, NotFound
from connectors.interface import Cursor, Json
from data.model import FindingKind, Record, SecurityFinding


class Findings(Reader):
    """Reads the alerts of one kind of scan by their last change, newest first."""

    kind: ClassVar[str]
    entities: ClassVar[tuple[str, ...]] = ("security_finding", "gap")
    needs: ClassVar[str]
    blind: ClassVar[tuple[str, ...]]
    finding: ClassVar[FindingKind]
    scan: ClassVar[str]
    """What finds them, in words."""
    path: ClassVar[str]
    """Where they are listed, below the repository."""
    params: ClassVar[Mapping[str, Json]] = {}

    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields alerts that are new or changed, then older ones."""
        order = {"sort": "updated", "direction": "desc", "per_page": self.page_size}
        listed = RestList(
            self._asking.api, f"repos/{place.name}/{self.path}", {**order, **self.params}
        )
        try:
            yield from NewestFirst(
                name=place.name,
                header={"repository": place.name, "id": place.id},
                ask=listed.ask,
                stamp=lambda item: stamp(item.get("updated_at") or item["created_at"]),
                probe=listed.probe,
                progress=self._asking.telling(place, self.scan),
                unread=self._asking.unread(place, self.scan),
            ).pull(cursor)
        except (Forbidden, NotFound) as refused:
            if not is_switched_off(refused):
                raise
            yield switched_off(self._asking, place.name, self.kind, self.scan, refused)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        repository = header["repository"]
        for items in answers:
            yield from readable(
                self._asking,
                repository,
                f"finding/{self.finding.value}",
                items,
                lambda item: self._row(repository, item),
            )

    @abstractmethod
    def _row(self, repository: str, item: Json) -> SecurityFinding:
        """Maps one alert."""


class DependencyFindings(Findings):
    """Reads Dependabot's alerts."""

    kind: ClassVar[str] = "dependency_findings"
    needs: ClassVar[str] = "Dependabot alerts: read"
    blind: ClassVar[tuple[str, ...]] = ("VM-04",)
    finding: ClassVar[FindingKind] = FindingKind.DEPENDENCY
    scan: ClassVar[str] = "Dependabot"
    path: ClassVar[str] = "dependabot/alerts"

    def _row(self, repository: str, item: Json) -> SecurityFinding:
        return dependency_finding(self._asking, repository, item)


class CodeFindings(Findings):
    """Reads the alerts of code scanning."""

    kind: ClassVar[str] = "code_findings"
    needs: ClassVar[str] = "Code scanning alerts: read"
    blind: ClassVar[tuple[str, ...]] = ("VM-05",)
    finding: ClassVar[FindingKind] = FindingKind.CODE
    scan: ClassVar[str] = "code scanning"
    path: ClassVar[str] = "code-scanning/alerts"

    def _row(self, repository: str, item: Json) -> SecurityFinding:
        return code_finding(self._asking, repository, item)


class SecretFindings(Findings):
    """Reads the alerts of secret scanning; the secrets are neither asked for nor kept."""

    kind: ClassVar[str] = "secret_findings"
    needs: ClassVar[str] = "Secret scanning alerts: read, of an administrator of the repository"
    blind: ClassVar[tuple[str, ...]] = ("VM-01", "VM-02", "VM-03")
    finding: ClassVar[FindingKind] = FindingKind.SECRET
    scan: ClassVar[str] = "secret scanning"
    path: ClassVar[str] = "secret-scanning/alerts"
    params: ClassVar[Mapping[str, Json]] = {"hide_secret": True}

    def _row(self, repository: str, item: Json) -> SecurityFinding:
        return secret_finding(self._asking, repository, item)

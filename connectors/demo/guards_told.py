"""Who guards the environments of the invented repositories, and what these are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from connectors.demo.cast import Cast
from connectors.demo.governance import REFUSED, Governance
from connectors.demo.habits import Deploys, Guarded
from connectors.demo.organisation import PRODUCTION
from connectors.demo.site import Site
from connectors.demo.told import Told
from data.model import ReuseKind

_GUARDED = (Deploys.APPROVED, Deploys.MIXED, Deploys.SELF)
_WORKFLOW = ".ci/build.yaml"
_STEPS = ("steps/checkout", "steps/toolchain", "steps/publish")
_SHARED = ("customs", "payments", "platform", "tracking")
"""Teams that build with the workflow that all can share."""


@dataclass(frozen=True, slots=True)
class Guards:
    """Tells environments and reuse."""

    site: Site
    known: Governance
    cast: Cast

    def environments(self, until_at: int) -> Iterator[Told]:
        """Those of every repository whose host shows them, as they are on the last day."""
        day = datetime.fromtimestamp(until_at - 1, UTC).date()
        crews = self.site.organisation.repositories()
        for repository, team in self.cast.repositories.items():
            if team.rules != REFUSED and self.site.works[repository].services:
                for environment in crews[repository][0][0].environments:
                    yield self._environment(repository, environment, team, day)

    def reuse(self, until_at: int) -> Iterator[Told]:  # noqa: ARG002 - it has always been so
        """Files that show how a repository is built, and what its workflow uses."""
        for repository, team in self.cast.repositories.items():
            yield from self._files(repository, team)
            yield from self._steps(repository, team)

    def _environment(self, repository: str, name: str, team: Guarded, day: date) -> Told:
        deploys = team.habits_on(day).deploys or team.deploys
        is_guarded = name == PRODUCTION and deploys in _GUARDED
        is_kept = is_guarded and deploys is not Deploys.MIXED
        fields = {
            "id": f"{repository}#environment/{name}",
            "url": self.site.url(repository, "settings", "environments", name),
            "repository": repository,
            "name": name,
            "reviewers": [f"@{self.known.name}/{team.name}"] if is_guarded else [],
            "required_approvals": int(is_guarded),
            "is_self_approval_barred": is_guarded and deploys is not Deploys.SELF,
            "wait_minutes": 0,
            "is_limited_to_protected_branches": is_kept,
        }
        return Told(0, "environment", fields)

    def _files(self, repository: str, team: Guarded) -> Iterator[Told]:
        uses = self.known.uses
        signs = {
            "ci": (_WORKFLOW, bool(team.checks)),
            "code_owners": ("CODEOWNERS", team.rules not in ("loose", "none")),
            "dependency_updates": ("renovate.json", team.name in uses.updated),
            "security_policy": ("SECURITY.md", team.name in uses.scanned),
            "tests": ("tests", team.name != "records"),
        }
        for sign, (path, is_there) in signs.items():
            if is_there:
                yield self._reuse(repository, ReuseKind.FILE, sign, path)

    def _steps(self, repository: str, team: Guarded) -> Iterator[Told]:
        """What its workflow is made of, and at which version."""
        is_pinned = team.name in self.known.uses.pinned
        for step in _STEPS if team.checks else ():
            name = f"{self.known.name}/{step}"
            version = _digest(name) if is_pinned else "v2"
            yield self._reuse(
                repository, ReuseKind.ACTION, name, _WORKFLOW, version, is_pinned=is_pinned
            )
        if team.name in _SHARED:
            name = f"{self.known.name}/delivery/release.yaml"
            version = _digest(name) if is_pinned else "main"
            yield self._reuse(
                repository, ReuseKind.WORKFLOW, name, _WORKFLOW, version, is_pinned=is_pinned
            )

    def _reuse(
        self,
        repository: str,
        kind: ReuseKind,
        name: str,
        path: str,
        version: str | None = None,
        *,
        is_pinned: bool | None = None,
    ) -> Told:
        fields = {
            "id": f"{repository}#{kind.value}/{name}",
            "url": self.site.url(repository, "files", path),
            "repository": repository,
            "kind": kind.value,
            "name": name,
            "path": path,
            "version": version,
            "is_pinned": is_pinned,
        }
        return Told(0, "reuse", fields)


def _digest(name: str) -> str:
    return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()

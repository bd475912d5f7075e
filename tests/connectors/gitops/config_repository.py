"""A small configuration repository, and the rows that a `gitops` source makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connectors.gitops.connector import GitOps
from connectors.gitops.settings import GitOpsSettings
from data.model import Deployment, Gap
from tests.connectors.git.builder import GitRepo
from tests.connectors.git.reading import GitReader, context

PER_ENVIRONMENT = {
    "rule": [{"pattern": "apps/{service}/{environment}.yaml"}],
    "value": {"yaml": "image"},
}
"""A file for each service and environment."""


class FewCommits(GitOps):
    """Pages of two commits, so that a short history has several."""

    page_commits = 2


class ConfigReader(GitReader):
    """Reads the repository `config` in a folder. Each sync is by a new connector."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        super().__init__(folder, "flux", **({"path": "config"} | (settings or PER_ENVIRONMENT)))

    def connector(self) -> GitOps:  # type: ignore[override]
        settings = GitOpsSettings.model_validate(self.settings)
        return FewCommits(self.source, settings, context(self.folder))

    def deployments(self) -> list[Deployment]:
        """All of them, oldest first."""
        return sorted(self.all(Deployment), key=lambda row: (row.deployed_at, row.id))

    def versions(self, environment: str = "prod") -> list[str | None]:
        """The versions deployed to an environment, oldest first."""
        return [row.version for row in self.deployments() if row.environment == environment]

    def told(self) -> list[str]:
        """What the gaps say, one line each."""
        return [f"{gap.reason}: {gap.what}" for gap in self.gaps()]

    def gap(self, key: str) -> Gap:
        """The gap whose id ends in `key`."""
        return next(gap for gap in self.gaps() if gap.id.endswith(f"#gap/{key}"))


def image(tag: str, name: str = "registry.example/shop") -> str:
    """A file that sets an image."""
    return f"image: {name}:{tag}\n"


def deploy(repo: GitRepo, tag: str, environment: str = "prod", service: str = "shop") -> str:
    """Commits one image, and returns the commit's hash."""
    return repo.commit(f"{service} {tag}", {f"apps/{service}/{environment}.yaml": image(tag)})

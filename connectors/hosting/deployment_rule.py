"""What counts as a deployment, by the user's choice for each pattern of repositories."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.hosting.selection import matches

_PLACEHOLDERS = {
    "{service}": r"(?P<service>[^/\s]+?)",
    "{environment}": r"(?P<environment>[^/\s()]+?)",
    "{version}": r"(?P<version>\d[^/\s]*)",
    "*": r".*",
}
_SPLIT = re.compile("(" + "|".join(re.escape(name) for name in _PLACEHOLDERS) + ")")


class DeploymentSource(StrEnum):
    """Where a repository's deployments are told."""

    DEPLOYMENTS = "deployments"
    """The host's own deployments."""
    RUNS = "runs"
    """Runs of a pipeline."""
    JOBS = "jobs"
    """Jobs inside runs of a pipeline."""
    RELEASES = "releases"
    """Published releases."""
    TAGS = "tags"
    NONE = "none"
    """It deploys nothing."""


def template_pattern(template: str) -> str:
    """The regular expression of a template such as `deploy {service} to {environment}`.

    `*` is anything. Letter case does not count.

    Raises:
        ValueError: if the template names a placeholder twice.
    """
    for placeholder in ("{service}", "{environment}", "{version}"):
        if template.count(placeholder) > 1:
            raise ValueError(f"has {placeholder} more than once")
    parts = _SPLIT.split(template)
    return "(?i)" + "".join(_PLACEHOLDERS.get(part) or re.escape(part) for part in parts)


def _template(template: str) -> str:
    template_pattern(template)
    return template


Template = Annotated[str, AfterValidator(_template)]


class DeploymentRule(BaseModel):
    """Which things of which repositories are deployments. The first rule that fits decides."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    repositories: Annotated[
        tuple[str, ...], Field(description="patterns of repositories it is for; all if empty")
    ] = ()
    source: Annotated[
        DeploymentSource,
        Field(
            alias="from",
            description="`deployments`, `runs`, `jobs`, `releases`, `tags` or `none`",
        ),
    ] = DeploymentSource.DEPLOYMENTS
    pipeline: Annotated[
        str, Field(description="runs and jobs: pattern of the pipeline's name or file")
    ] = "*"
    branch: Annotated[str, Field(description="runs and jobs: pattern of the branch")] = "*"
    name: Annotated[
        Template,
        Field(
            description="what the environment, job, release or tag is called: text with "
            "`{service}`, `{environment}`, `{version}` and `*`"
        ),
    ] = "*"
    environment: Annotated[
        str,
        Field(
            min_length=1,
            description="runs, jobs, releases and tags: environment, where `name` does not say it",
        ),
    ] = "production"
    service: Annotated[
        str | None,
        Field(
            min_length=1,
            description="service, where `name` does not say it; default: the repository",
        ),
    ] = None
    include_prereleases: Annotated[
        bool, Field(description="releases and tags: whether previews are deployed")
    ] = False

    @model_validator(mode="after")
    def _no_version_where_none_is(self) -> Self:
        has_version = self.source in {DeploymentSource.RELEASES, DeploymentSource.TAGS}
        if "{version}" in self.name and not has_version:
            raise ValueError("only releases and tags have a {version}")
        return self

    def fits(self, repository: str) -> bool:
        """Whether it is for a repository."""
        return matches(repository, self.repositories or ("*",))

    def read(self, name: str) -> Named | None:
        """What the name of an environment, job, release or tag says; null if it does not fit."""
        found = re.fullmatch(template_pattern(self.name), name.strip())
        if found is None:
            return None
        said = found.groupdict()
        is_environment = self.source is DeploymentSource.DEPLOYMENTS
        return Named(
            said.get("service") or self.service,
            said.get("environment") or (name if is_environment else self.environment),
            said.get("version"),
        )

    def is_about(self, branch: str | None, *pipeline_names: str | None) -> bool:
        """Whether it is about runs of a pipeline, by its name or its file, for a branch."""
        is_pipeline = any(fnmatchcase(name, self.pipeline) for name in pipeline_names if name)
        return is_pipeline and fnmatchcase(branch or "", self.branch)


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of something deployed says."""

    service: str | None
    """Null: the repository as a whole."""
    environment: str
    version: str | None


class DeploymentRules:
    """All rules of a source."""

    def __init__(self, rules: Sequence[DeploymentRule]) -> None:
        self._rules = tuple(rules) or (DeploymentRule(),)

    def sources(self, repository: str) -> frozenset[DeploymentSource]:
        """Where deployments of a repository are told."""
        return frozenset(rule.source for rule in self._of(repository))

    def of(self, repository: str, source: DeploymentSource) -> Sequence[DeploymentRule]:
        """The rules for one kind of thing of a repository, in their order."""
        return [rule for rule in self._of(repository) if rule.source is source]

    def _of(self, repository: str) -> Iterator[DeploymentRule]:
        """Those of the repository; where none is, its own deployments count."""
        fitting = [rule for rule in self._rules if rule.fits(repository)]
        yield from fitting or (DeploymentRule(),)

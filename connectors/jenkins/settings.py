"""The keys of a `[[source]]` of kind `jenkins`."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.credential import SecretReference
from connectors.hosting.deployment_rule import Template, template_pattern
from connectors.hosting.selection import is_selected
from connectors.http.address import host_address


class Named(NamedTuple):
    """What a build deploys, and to where."""

    service: str
    environment: str


class JobRule(BaseModel):
    """Jobs whose builds are deployments. The first rule that fits decides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    job: Annotated[
        Template,
        Field(
            description="what the job is called, with its folders and without its branch: text "
            "with `{service}`, `{environment}` and `*`"
        ),
    ]
    branch: Annotated[
        str, Field(description="pattern of the branch, of jobs with several branches")
    ] = "*"
    environment: Annotated[
        str, Field(min_length=1, description="environment, where `job` does not say it")
    ] = "production"
    service: Annotated[
        str | None,
        Field(description="service, where `job` does not say it; default: the job's last name"),
    ] = None

    def read(self, job: str, branch: str | None) -> Named | None:
        """What a build of a job deploys; null if it does not fit."""
        found = re.fullmatch(template_pattern(self.job), job)
        if found is None or not fnmatchcase(branch or "", self.branch):
            return None
        said = found.groupdict()
        service = said.get("service") or self.service or job.rpartition("/")[2]
        return Named(service, said.get("environment") or self.environment)


class Settings(BaseModel):
    """Settings of a `jenkins` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[
        Annotated[str, AfterValidator(host_address)],
        Field(description="address of the server, or of a folder or view"),
    ]
    user: Annotated[str | None, Field(description="account the token belongs to")] = None
    token: Annotated[
        SecretReference | None, Field(description="where the API token of the account is kept")
    ] = None
    include: Annotated[
        tuple[str, ...], Field(description="patterns of jobs to read, with folders; all if empty")
    ] = ()
    exclude: Annotated[tuple[str, ...], Field(description="patterns of jobs to leave out")] = ()
    libraries: Annotated[
        tuple[str, ...],
        Field(description="patterns of repositories that builds only use, such as `*/shared-*`"),
    ] = ()
    deployments: Annotated[
        tuple[JobRule, ...], Field(description="jobs whose builds are deployments")
    ] = ()

    def is_read(self, job: str) -> bool:
        """Whether a job is read."""
        return is_selected(job, self.include, self.exclude)

    def deployed(self, job: str, branch: str | None) -> Named | None:
        """What a build of a job deploys; null if it deploys nothing."""
        named = (rule.read(job, branch) for rule in self.deployments)
        return next((each for each in named if each is not None), None)

    def is_library(self, repository: str) -> bool:
        """Whether builds only use a repository."""
        return bool(self.libraries) and is_selected(repository, self.libraries, ())

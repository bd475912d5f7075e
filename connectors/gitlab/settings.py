"""The keys of a `[[source]]` of kind `gitlab`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.credential import SecretReference
from connectors.hosting.address import with_organisation
from connectors.hosting.deployment_rule import DeploymentRule
from connectors.hosting.incident_rule import IncidentRule
from connectors.http.address import host_address

API_PATH = "/api/v4"


class TokenKind(StrEnum):
    """How a token is shown to the server."""

    PRIVATE = "private"
    """Tokens of an account, project or group."""
    OAUTH = "oauth"
    """Tokens that are shown as Bearer."""
    JOB = "job"
    """The token of a CI job."""


def _api_address(url: str) -> str:
    address = host_address(url)
    return address if address.endswith(API_PATH) else address + API_PATH


def _is_api(_host: str, path: str) -> bool:
    """Whether a path is that of an API, also of a server that has its pages below a path."""
    return f"/{path}".endswith(API_PATH)


def _full_path(path: str) -> str:
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)+", path):
        raise ValueError("is no full path of a project such as `group/web`")
    return path


class Settings(BaseModel):
    """Settings of a `gitlab` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    group: Annotated[
        str | None,
        Field(
            pattern=r"^[\w.-]+(/[\w.-]+)*$",
            description="full path of the group, read with its subgroups; default: what `url` "
            "names, else the source's name",
        ),
    ] = None
    projects: Annotated[
        tuple[Annotated[str, AfterValidator(_full_path)], ...],
        Field(description="only these projects, instead of all of a group"),
    ] = ()
    include: Annotated[
        tuple[str, ...], Field(description="patterns of projects to read; all if empty")
    ] = ()
    exclude: Annotated[tuple[str, ...], Field(description="patterns of projects to leave out")] = ()
    include_archived: Annotated[bool, Field(description="whether archived ones are read")] = True
    include_forks: Annotated[bool, Field(description="whether forks are read")] = False
    url: Annotated[
        Annotated[str, AfterValidator(_api_address)],
        Field(
            description="address of the group, such as `https://gitlab.com/acme`, "
            "or of the server, or of its API: `https://HOST/api/v4`"
        ),
    ] = "https://gitlab.com" + API_PATH
    web_url: Annotated[
        Annotated[str, AfterValidator(host_address)] | None,
        Field(description="address of its pages; default: told from `url`"),
    ] = None
    token: Annotated[
        SecretReference | tuple[SecretReference, ...] | None,
        Field(description="where the token is kept; several share the load"),
    ] = None
    token_kind: Annotated[
        TokenKind,
        Field(description="`private`, `oauth` (shown as Bearer) or `job` (of a CI job)"),
    ] = TokenKind.PRIVATE
    services: Annotated[
        Mapping[str, Mapping[str, str]],
        Field(description="project = { service = folder } where one holds several services"),
    ] = {}
    deployments: Annotated[
        tuple[DeploymentRule, ...],
        Field(description="what counts as a deployment; `runs` are pipelines"),
    ] = ()
    incidents: Annotated[
        tuple[IncidentRule, ...],
        Field(description="which issues are incidents, beside GitLab's own incidents"),
    ] = ()

    @model_validator(mode="before")
    @classmethod
    def _group_of_url(cls, told: Any) -> Any:
        return with_organisation(told, "group", "groups/", _is_api)

    @property
    def tokens(self) -> tuple[str, ...]:
        """References of all tokens."""
        if self.token is None:
            return ()
        return (self.token,) if isinstance(self.token, str) else tuple(self.token)

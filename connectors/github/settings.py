"""The keys of a `[[source]]` of kind `github`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.credential import SecretReference
from connectors.hosting.address import with_organisation
from connectors.hosting.deployment_rule import DeploymentRule
from connectors.hosting.incident_rule import IncidentRule
from connectors.http.address import host_address

_PUBLIC = "https://api.github.com"
_SERVER_PATH = "/api/v3"
_RESIDENT = ".ghe.com"
"""Hosts of enterprises whose data stays in a region; `api.` is put before them."""


def _api_address(url: str) -> str:
    """The address of the API, also of a host that is named by that of its pages."""
    address = host_address(url)
    parts = urlsplit(address)
    host = str(parts.hostname).rstrip(".")
    if host in {"github.com", "www.github.com", "api.github.com"}:
        return _PUBLIC
    if _is_api(host, parts.path):
        return address
    return f"https://api.{host}" if host.endswith(_RESIDENT) else address + _SERVER_PATH


def _is_api(host: str, path: str) -> bool:
    """Whether an address is that of an API, of a server that may lie below a path."""
    is_api = host.startswith("api.") and not path.strip("/")
    return is_api or f"/{path}".endswith(_SERVER_PATH)


def _full_name(name: str) -> str:
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        raise ValueError("is no name of a repository such as `acme/web`")
    return name


class App(BaseModel):
    """A GitHub App that is installed in the organisation."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    id: Annotated[int, Field(description="its app id")]
    private_key: Annotated[SecretReference, Field(description="where its private key is kept")]
    installation: Annotated[
        int | None, Field(description="its installation; default: that of the organisation")
    ] = None


class Settings(BaseModel):
    """Settings of a `github` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    organisation: Annotated[
        str | None,
        Field(
            pattern=r"^[\w.-]+$",
            description="organisation or account; default: what `url` names, "
            "else the source's name",
        ),
    ] = None
    repositories: Annotated[
        tuple[Annotated[str, AfterValidator(_full_name)], ...],
        Field(description="only these repositories, instead of all of an organisation"),
    ] = ()
    include: Annotated[
        tuple[str, ...], Field(description="patterns of repositories to read; all if empty")
    ] = ()
    exclude: Annotated[
        tuple[str, ...], Field(description="patterns of repositories to leave out")
    ] = ()
    include_archived: Annotated[bool, Field(description="whether archived ones are read")] = True
    include_forks: Annotated[bool, Field(description="whether forks are read")] = False
    url: Annotated[
        Annotated[str, AfterValidator(_api_address)],
        Field(
            description="address of the organisation, such as `https://github.com/acme`, "
            "or of a server of your own, or of its API"
        ),
    ] = _PUBLIC
    web_url: Annotated[
        Annotated[str, AfterValidator(host_address)] | None,
        Field(description="address of its pages; default: told from `url`"),
    ] = None
    token: Annotated[
        SecretReference | tuple[SecretReference, ...] | None,
        Field(description="where the token is kept; several share the load"),
    ] = None
    app: Annotated[App | None, Field(description="a GitHub App instead of a token")] = None
    services: Annotated[
        Mapping[str, Mapping[str, str]],
        Field(description="repository = { service = folder } where one holds several services"),
    ] = {}
    deployments: Annotated[
        tuple[DeploymentRule, ...], Field(description="what counts as a deployment")
    ] = ()
    incidents: Annotated[
        tuple[IncidentRule, ...], Field(description="which issues are incidents")
    ] = ()

    @model_validator(mode="before")
    @classmethod
    def _organisation_of_url(cls, told: Any) -> Any:
        return with_organisation(told, "organisation", "orgs/", _is_api)

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if self.token is not None and self.app is not None:
            raise ValueError("name a token or an app, not both")
        return self

    @property
    def tokens(self) -> tuple[str, ...]:
        """References of all tokens."""
        if self.token is None:
            return ()
        return (self.token,) if isinstance(self.token, str) else tuple(self.token)

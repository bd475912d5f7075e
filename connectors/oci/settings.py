"""The keys of a `[[source]]` of kind `oci`."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.credential import SecretReference
from connectors.http.address import host_address

_PART = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_NAME = re.compile(rf"{_PART}(?:/{_PART})*")


def _address(url: str) -> str:
    """The address without `/v2`, which all registries have."""
    if "://" not in url:
        url = f"https://{url}"
    return host_address(url).removesuffix("/v2")


def _name(name: str) -> str:
    if not is_name(name):
        raise ValueError(f"{name!r} is no name of a repository such as `acme/web`, without a tag")
    return name


def is_name(name: str) -> bool:
    """Whether a text can name a repository (OCI distribution 1.1, pulling manifests)."""
    return len(name) < 256 and _NAME.fullmatch(name) is not None


class OciSettings(BaseModel):
    """Settings of an `oci` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[
        Annotated[str, AfterValidator(_address)],
        Field(description="address of the registry, such as `registry.example.com`"),
    ]
    repositories: Annotated[
        tuple[Annotated[str, AfterValidator(_name)], ...],
        Field(description="only these, where the registry does not list its repositories"),
    ] = ()
    include: Annotated[
        tuple[str, ...], Field(description="patterns of repositories to read; all if empty")
    ] = ()
    exclude: Annotated[
        tuple[str, ...], Field(description="patterns of repositories to leave out")
    ] = ()
    username: Annotated[str | None, Field(description="account that reads")] = None
    password: Annotated[
        SecretReference | None, Field(description="where its password or token is kept")
    ] = None
    auth_host: Annotated[
        str | None,
        Field(
            pattern=r"^[\w.-]+(:\d+)?$",
            description="host that may be given the password to issue tokens, if it is another",
        ),
    ] = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("set `username` and `password`, or neither")
        return self

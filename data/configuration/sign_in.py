"""Who may open the pages: an OpenID Connect provider that says who somebody is."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, ConfigDict, Field

from data.configuration.section import Section

RETURN_PATH = "/oauth2callback"
"""Where the provider sends a browser back to, below the address of the pages."""

_LOCAL = "localhost"


def _reference(told: str) -> str:
    if not re.fullmatch(r"(env:[A-Za-z_]\w*|file:.+)", told):
        raise ValueError("must be env:NAME or file:PATH, never the secret itself")
    return told


def _metadata(url: str) -> str:
    _checked(url)
    return url


def _return_address(url: str) -> str:
    if not _checked(url.replace("{port}", "1")).path.endswith(RETURN_PATH):
        raise ValueError(f"must end in `{RETURN_PATH}`: the pages are left of it")
    return url


def _checked(url: str) -> SplitResult:
    """The parts of an address that a secret may be sent to: HTTPS, or this machine itself."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ValueError("is no address: write it with https:// and host") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no address: write it with https:// and host")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("carries a user, a query or a fragment: write the address alone")
    if parts.scheme == "http" and not _is_local(parts.hostname):
        raise ValueError("must begin with https://: without it others can read who signs in")
    return parts


def _is_local(host: str) -> bool:
    try:
        return host == _LOCAL or ip_address(host).is_loopback
    except ValueError:
        return False


SecretReference = Annotated[str, AfterValidator(_reference)]


class SignInSettings(Section):
    """Everybody signs in with this OpenID Connect provider before a page is shown."""

    model_config = ConfigDict(hide_input_in_errors=True)

    provider: Annotated[str, AfterValidator(_metadata)] = Field(
        description="address of the provider's metadata, as "
        "`https://login.example.com/.well-known/openid-configuration`"
    )
    client_id: str = Field(min_length=1, description="what the provider calls these pages")
    client_secret: SecretReference = Field(
        description="where the secret that goes with it is: `env:NAME` or `file:PATH`"
    )
    cookie_secret: SecretReference = Field(
        description="where the secret is that sign-ins are signed with, 32 characters or more of "
        "your own: `env:NAME` or `file:PATH`; another one ends all sign-ins"
    )
    redirect: Annotated[str, AfterValidator(_return_address)] = Field(
        description="address of these pages with `/oauth2callback` behind it, as the provider "
        "knows it; `{port}` stands for the port that is served on"
    )
    only: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        (),
        description="who may open the pages: patterns with `*` and `?` of verified e-mail "
        "addresses, or of the provider's ids where it verifies none; without, all whom the "
        "provider lets in",
    )
    hours: int = Field(12, ge=1, le=168, description="how long a sign-in holds at most")

    @property
    def host(self) -> str:
        """The name under which browsers ask for the pages."""
        return urlsplit(self.redirect.replace("{port}", "1")).hostname or ""

    @property
    def is_encrypted(self) -> bool:
        """Whether browsers reach the pages by HTTPS."""
        return self.redirect.startswith("https://")

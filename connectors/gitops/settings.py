"""The shape of a `gitops` source in `cairn.toml`."""

from __future__ import annotations

import re
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from connectors.credential import SecretReference
from connectors.git.hosts import HostStyle
from connectors.git.path import path_problem
from connectors.git.remote import address_problem, token_problem
from connectors.gitops.rules import Rule
from connectors.gitops.value_at import ValueAt

_FOR_ALL = ("value", "service_name", "repository", "version_sha")


class GitOpsSettings(BaseModel):
    """A `[[source]]` of kind `gitops`."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    path: str | None = Field(None, description="clone, bare repository or mirror")
    url: str | None = Field(None, description="address to mirror instead")
    token: SecretReference | None = Field(None, description="where the token for `url` is kept")
    branch: str | None = Field(
        None, description="branch whose history counts; default: the default branch"
    )
    web_url: str | None = Field(
        None, description="page of the repository; default: told from its remote"
    )
    host: HostStyle | None = Field(
        None, description="whose links `web_url` has, if its name says nothing"
    )
    value: ValueAt | None = Field(None, description="that of all rules without their own")
    service_name: str | None = Field(None, description="that of all rules without their own")
    repository: str | None = Field(None, description="that of all rules without their own")
    version_sha: str | None = Field(None, description="that of all rules without their own")
    rule: tuple[Rule, ...] = Field(
        min_length=1, description="which files count; the first rule that is about a path decides"
    )

    @model_validator(mode="before")
    @classmethod
    def _hand_down(cls, settings: Any) -> Any:
        """Gives each rule what is said once for all."""
        if not isinstance(settings, dict) or not isinstance(settings.get("rule"), list | tuple):
            return settings
        common = {name: settings[name] for name in _FOR_ALL if settings.get(name) is not None}
        rules = [common | rule if isinstance(rule, dict) else rule for rule in settings["rule"]]
        return settings | {"rule": rules}

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str | None) -> str | None:
        if url is not None and (problem := address_problem(url)):
            raise ValueError(problem)
        return url

    @field_validator("web_url")
    @classmethod
    def _is_page(cls, address: str | None) -> str | None:
        if address is not None and not re.fullmatch(r"https?://[^\s@/]+/\S*", address):
            raise ValueError("must be a web address without a user name")
        return address

    @model_validator(mode="after")
    def _is_one_place(self) -> Self:
        if (self.path is None) == (self.url is None):
            raise ValueError("set either `path` or `url`")
        problem = path_problem(self.path) if self.path else None
        if problem:
            raise ValueError(f"`path` {problem}")
        if any(mark in (self.path or "") for mark in "*?["):
            raise ValueError("`path` must name one repository: its rules are for that one")
        if self.token is not None:
            if self.url is None:
                raise ValueError("`token` needs a `url`")
            if problem := token_problem(self.url):
                raise ValueError(f"`token` {problem}")
        return self

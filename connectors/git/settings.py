"""The keys of a `[[source]]` of kind `git`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.credential import SecretReference
from connectors.git.deploy_tags import pattern_of
from connectors.git.hosts import HostStyle
from connectors.git.path import path_problem
from connectors.git.remote import address_problem, token_problem
from data.configuration import compiled


def _regex(pattern: str) -> str:
    compiled(pattern)
    return pattern


def _page(address: str) -> str:
    if not re.fullmatch(r"https?://[^\s@/]+/\S*", address):
        raise ValueError("must be a web address without a user name")
    return address.rstrip("/")


def _address(url: str) -> str:
    problem = address_problem(url)
    if problem:
        raise ValueError(problem)
    return url


def _path(path: str) -> str:
    problem = path_problem(path)
    if problem:
        raise ValueError(problem)
    return path


def _branch(name: str) -> str:
    if name.startswith("-") or not name.isprintable() or not name:
        raise ValueError("is no name of a branch")
    return name


def _folders(services: Mapping[str, str]) -> Mapping[str, str]:
    cleaned = {
        name: folder.strip().strip("/").removeprefix("./") for name, folder in services.items()
    }
    return {name: "" if folder == "." else folder for name, folder in cleaned.items()}


class Settings(BaseModel):
    """Settings of a `git` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    path: Annotated[
        Annotated[str, AfterValidator(_path)] | None,
        Field(description="clone, bare repository or mirror; `*` names several"),
    ] = None
    url: Annotated[
        str | None, AfterValidator(_address), Field(description="address to mirror instead")
    ] = None
    token: Annotated[
        SecretReference | None, Field(description="where the token for `url` is kept")
    ] = None
    repository: Annotated[
        str | None,
        Field(min_length=1, description="name of the repository; default: the source's name"),
    ] = None
    branch: Annotated[
        str | None,
        AfterValidator(_branch),
        Field(description="branch whose history counts; default: the default branch"),
    ] = None
    web_url: Annotated[
        str | None,
        AfterValidator(_page),
        Field(description="page of the repository; default: told from its remote"),
    ] = None
    host: Annotated[
        HostStyle | None, Field(description="whose links `web_url` has, if its name says nothing")
    ] = None
    services: Annotated[
        Mapping[str, str],
        AfterValidator(_folders),
        Field(description="service = folder; default: one service named like the repository"),
    ] = {}
    deploy_tags: Annotated[
        str | None,
        Field(description="tags that are deployments: text with `{service}` and `{version}`"),
    ] = None
    deploy_tags_regex: Annotated[
        str | None,
        AfterValidator(_regex),
        Field(description="the same as a regular expression with these groups"),
    ] = None
    deploy_environment: Annotated[
        str, Field(min_length=1, description="environment such a tag deploys to")
    ] = "production"
    include_prereleases: Annotated[
        bool, Field(description="whether alphas, betas and release candidates are deployed")
    ] = False

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.path is None) == (self.url is None):
            raise ValueError("set either `path` or `url`")
        if self.deploy_tags:
            pattern_of(self.deploy_tags)
        if self.deploy_tags and self.deploy_tags_regex:
            raise ValueError("set either `deploy_tags` or `deploy_tags_regex`")
        if self.has_pattern and (self.repository or self.web_url or self.services):
            raise ValueError(
                "`repository`, `web_url` and `services` are for one repository: name it in `path`"
            )
        if self.token:
            problem = token_problem(self.url or "")
            if problem:
                raise ValueError(f"`token` {problem}")
        return self

    @property
    def has_pattern(self) -> bool:
        """Whether `path` may name several repositories."""
        return any(mark in (self.path or "") for mark in "*?[")

    @property
    def deploy_pattern(self) -> str | None:
        """Regular expression of tags that are deployments."""
        return pattern_of(self.deploy_tags) if self.deploy_tags else self.deploy_tags_regex

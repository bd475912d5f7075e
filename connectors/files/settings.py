"""The keys that all sources of files have in `cairn.toml`."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.credential import SecretReference
from connectors.git.path import path_problem
from connectors.git.remote import address_problem, token_problem


def _path(path: str) -> str:
    if problem := path_problem(path):
        raise ValueError(problem)
    return path


def _address(url: str) -> str:
    if problem := address_problem(url):
        raise ValueError(problem)
    return url


def _pattern(pattern: str) -> str:
    parts = pattern.split("/")
    if not pattern or pattern.startswith("/") or ".." in parts or "\0" in pattern:
        raise ValueError("is a path below the folder, such as **/*.json")
    if any("**" in part and part != "**" for part in parts):
        raise ValueError("has a `**` that does not stand alone between slashes")
    return pattern


Pattern = Annotated[str, AfterValidator(_pattern)]


class FileSettings(BaseModel):
    """Settings of a source of files."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    path: Annotated[
        Annotated[str, AfterValidator(_path)] | None,
        Field(description="folder, clone or bare repository"),
    ] = None
    url: Annotated[
        Annotated[str, AfterValidator(_address)] | None,
        Field(description="address of a repository to mirror instead"),
    ] = None
    token: Annotated[
        SecretReference | None, Field(description="where the token for `url` is kept")
    ] = None
    branch: Annotated[
        str | None,
        Field(
            pattern=r"^[^-\s][^\s]*$",
            description="branch whose newest commit is read; default: the default branch",
        ),
    ] = None
    from_git: Annotated[
        bool | None,
        Field(
            description="whether `path` is read from Git and not from the disk; default: if it is "
            "a repository, and what is read is a thing that people commit"
        ),
    ] = None
    patterns: Annotated[
        tuple[Pattern, ...] | None,
        Field(min_length=1, description="which files are read; default: those of the kind"),
    ] = None
    exclude: Annotated[tuple[Pattern, ...], Field(description="which of them are not read")] = ()

    @model_validator(mode="after")
    def _is_one_place(self) -> Self:
        if (self.path is None) == (self.url is None):
            raise ValueError("set either `path` or `url`")
        if any(mark in (self.path or "") for mark in "*?["):
            raise ValueError("`path` is one folder: name its files in `patterns`")
        if self.url is not None and self.from_git is False:
            raise ValueError("a `url` is read from Git")
        if self.token is not None and (problem := token_problem(self.url or "")):
            raise ValueError(f"`token` {problem}" if self.url else "`token` needs a `url`")
        return self


class DeclaredSettings(FileSettings):
    """Settings of a source of files in which people declare something."""

    repository: Annotated[
        str | None,
        Field(min_length=1, description="name of the repository that the files are of"),
    ] = None

"""Rules of a `gitops` source: which files set which version, for which service and environment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Annotated, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from connectors.gitops.pattern import Captures, PathPattern, Template
from connectors.gitops.value_at import ValueAt
from connectors.gitops.values import Found, Value
from data.configuration import compiled

ENVIRONMENT = "environment"


class InheritWhen(StrEnum):
    """In which of the inheriting environments a base file takes part."""

    ALWAYS = "always"
    """In all of them."""
    OVERLAY = "overlay"
    """Where a file of that environment stands beside it, with or without a value of its own."""


class Setting(NamedTuple):
    """One version that a file sets."""

    service: str
    environment: str | None
    """None in a base file: it is for the environments that inherit it."""
    value: Value
    repository: str | None
    """Name of the repository the service is built from, if the rule says."""


class Rule(BaseModel):
    """Files of one form, and what the version in them is deployed to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pattern: Annotated[
        str, Field(description="path with `{service}`, `{environment}`, …; `{name:regex}`")
    ]
    value: Annotated[ValueAt, Field(description="where in the file the version is")]
    service_name: Annotated[str, Field(description="how a service is called")] = "{service}"
    repository: Annotated[
        str | None,
        Field(description="name of the repository a service is built from"),
    ] = None
    version_sha: Annotated[
        str | None,
        Field(description="regular expression with a group `sha`: the commit a version names"),
    ] = None
    default_environment: Annotated[
        str | None, Field(description="environment of files whose path names none")
    ] = None
    inherit: Annotated[
        tuple[str, ...], Field(description="environments that run what their own files leave out")
    ] = ()
    inherit_when: Annotated[
        InheritWhen,
        Field(description="`always`; `overlay`: only where the environment has a file beside it"),
    ] = InheritWhen.ALWAYS
    environments: Annotated[
        tuple[str, ...], Field(description="the only environments read; all if empty")
    ] = ()
    exclude: Annotated[
        tuple[str, ...], Field(description="paths to leave out; `*` crosses folders")
    ] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        _ = self._sha
        given = self._path.names | self.value.finder.names
        for name, template in (("service_name", self._service), ("repository", self._repository)):
            if missing := sorted(template.names - given):
                raise ValueError(
                    f"{name} asks for {{{missing[0]}}}, which neither pattern nor value gives"
                )
        ways = (ENVIRONMENT in given, self.default_environment is not None, bool(self.inherit))
        if sum(ways) != 1:
            raise ValueError(
                "a rule needs exactly one of {environment} in its pattern, default_environment, "
                "or inherit"
            )
        return self

    @cached_property
    def _path(self) -> PathPattern:
        return PathPattern(self.pattern)

    @cached_property
    def _service(self) -> Template:
        return Template(self.service_name)

    @cached_property
    def _repository(self) -> Template:
        return Template(self.repository or "")

    @cached_property
    def _sha(self) -> re.Pattern[str] | None:
        if self.version_sha is None:
            return None
        try:
            pattern = compiled(self.version_sha)
        except ValueError as error:
            raise ValueError(f"version_sha {error}") from None
        if "sha" not in pattern.groupindex:
            raise ValueError("version_sha needs a group (?P<sha>…)")
        return pattern

    @cached_property
    def inheriting(self) -> tuple[str, ...]:
        """The environments a file without an environment of its own is for."""
        return (self.default_environment,) if self.default_environment else self.inherit

    def match(self, path: str) -> Captures | None:
        """What the path says, if the rule is about it."""
        captures = self._path.match(path)
        if captures is None or any(fnmatchcase(path, pattern) for pattern in self.exclude):
            return None
        return captures if self._is_read(captures.get(ENVIRONMENT)) else None

    def settings(self, path: Captures, found: Sequence[Found]) -> tuple[list[Setting], int]:
        """What a file sets, and how many of its values were left aside.

        Left aside is a further version of a service that the file already gave one to, and a
        value whose place does not say all that the name of the service asks for.
        """
        settings: dict[tuple[str, str | None], Setting] = {}
        left_aside = 0
        for one in found:
            captures = {**path, **one.captures}
            environment = captures.get(ENVIRONMENT)
            service = self._service.fill(captures)
            if not self._is_read(environment):
                continue
            if not service:
                left_aside += 1
                continue
            value = self._with_sha(one.value)
            setting = Setting(service, environment, value, self._repository.fill(captures) or None)
            first = settings.setdefault((service, environment), setting)
            left_aside += not first.value.is_same(value)
        return list(settings.values()), left_aside

    def _with_sha(self, value: Value) -> Value:
        found = self._sha.search(value.version) if self._sha else None
        return replace(value, sha=found["sha"]) if found else value

    def _is_read(self, environment: str | None) -> bool:
        return environment is None or not self.environments or environment in self.environments


class Match(NamedTuple):
    """The rule that a path belongs to, and what the path says."""

    rule: int
    captures: Captures
    environment: str | None
    """The environment that the path names."""
    group: frozenset[tuple[str, str]]
    """What base file and overlays of a service have in common: all but the environment."""


def match_path(rules: Sequence[Rule], path: str) -> Match | None:
    """The first rule that is about a path."""
    for number, rule in enumerate(rules):
        captures = rule.match(path)
        if captures is not None:
            group = frozenset(item for item in captures.items() if item[0] != ENVIRONMENT)
            return Match(number, captures, captures.get(ENVIRONMENT), group)
    return None

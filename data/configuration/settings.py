"""The shape of `cairn.toml`. Field descriptions are the reference page of the configuration."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    field_validator,
    model_validator,
)

from data.configuration.costs import CostSettings
from data.configuration.expectations import ModelSettings, PipelineSettings, Registry
from data.configuration.expression import compiled
from data.configuration.governance import GovernanceSettings
from data.configuration.ledger import LedgerSettings
from data.configuration.mistake import mistake, nearest
from data.configuration.section import Section, Slug
from data.configuration.sign_in import SignInSettings
from data.configuration.waivers import WaiverSettings


class Tier(StrEnum):
    """What an environment is for, whatever it is called."""

    PRODUCTION = "production"
    STAGING = "staging"
    TESTING = "testing"
    DEVELOPMENT = "development"
    OTHER = "other"


DEFAULT_TIERS: dict[Tier, list[str]] = {
    Tier.PRODUCTION: ["production", "prod", "prd", "live"],
    Tier.STAGING: ["staging", "stage", "stg", "preprod", "pre-prod", "uat"],
    Tier.TESTING: ["testing", "test", "qa", "ithc", "integration"],
    Tier.DEVELOPMENT: ["development", "dev", "sandbox", "sbox", "demo", "preview"],
}


RESERVED_TEAM = "unowned"
"""Team of what no pattern matches."""

OWNED_KINDS = ("service", "repo", "model", "pipeline", "dataset")
"""What a pattern of ownership may name."""

_DEEPEST = 20
"""How deep teams may nest."""


OF_A_MACHINE = frozenset({"localtime", "Factory"})
"""Names in the database of time zones that mean another one on each machine, or none."""


def _known_zone(name: str) -> str:
    if name in OF_A_MACHINE:
        raise ValueError(f"{name!r} is another zone on each machine: use an IANA name")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = difflib.get_close_matches(name, available_timezones(), n=1)
        hint = f"did you mean {near[0]}?" if near else "use an IANA name like Asia/Tokyo"
        raise ValueError(f"unknown time zone {name!r}: {hint}") from error
    return name


def _valid_pattern(pattern: str) -> str:
    compiled(pattern)
    return pattern


TimeZone = Annotated[str, AfterValidator(_known_zone)]
Regex = Annotated[str, AfterValidator(_valid_pattern)]


class Organisation(Section):
    """The organisation as a whole."""

    name: str = Field("My organisation", description="shown on pages and reports")
    timezone: TimeZone = Field("UTC", description="time zone of teams that name none")
    incident_gap_days: int = Field(
        7, ge=1, le=90, description="oldest deployment an incident may be linked to by time"
    )
    hotfix_pattern: Regex = Field(
        r"(?i)^(hotfix|hot-fix|urgent fix)\b",
        description="title or branch of a change that mends production",
    )
    keep_snapshots: int = Field(14, ge=2, le=10_000, description="newest snapshots kept")


class Team(Section):
    """A team, and the patterns of what it owns."""

    name: Slug = Field(description="id in addresses and on the command line")
    title: str | None = Field(None, description="shown instead of the name")
    parent: Slug | None = Field(None, description="team this one is part of")
    timezone: TimeZone | None = Field(None, description="decides where the team's days begin")
    owns: tuple[str, ...] = Field(
        (),
        description="`service:…`, `repo:…`, `model:…`, `pipeline:…` and `dataset:…` patterns with "
        "`*` and `?`; first match wins",
    )

    @field_validator("name")
    @classmethod
    def _name_is_free(cls, name: str) -> str:
        if name == RESERVED_TEAM:
            raise ValueError(f"`{name}` is what nobody owns: choose another name")
        return name

    @field_validator("owns")
    @classmethod
    def _kinds_are_known(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            kind, colon, rest = pattern.partition(":")
            if not colon or kind not in OWNED_KINDS or not rest:
                kinds = ", ".join(f"`{known}:PATTERN`" for known in OWNED_KINDS)
                raise ValueError(f"{pattern!r} must be one of {kinds}")
        return patterns


class ServiceSettings(Section):
    """Says which repository, and which folder of it, a service is built from."""

    name: str = Field(min_length=1, description="service name as the deployments call it")
    repository: str | None = Field(None, description="repository name")
    path: str | None = Field(None, description="folder, where several services share a repository")


class Annotation(Section):
    """A note drawn on trends: a freeze, a migration, a changed definition."""

    from_: date = Field(alias="from", description="first day")
    to: date = Field(description="last day")
    text: str = Field(min_length=1, max_length=200, description="what happened")
    team: Slug | None = Field(None, description="only on this team's trends")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Annotation:
        if self.to < self.from_:
            raise mistake(f"an annotation ends before it begins, on {self.to}", "swap the days")
        return self


class SourceSettings(BaseModel):
    """One source. Keys beyond `kind` and `name` belong to the kind."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: str = Field(description="kind of source: see the reference of sources")
    name: Slug = Field(
        default_factory=lambda told: told["kind"], description="unique name; default: its kind"
    )

    @property
    def options(self) -> dict[str, Any]:
        """The keys that belong to the kind."""
        return dict(self.model_extra or {})

    @property
    def sha256(self) -> str:
        """Changes when any setting does: the source is then read anew."""
        text = json.dumps([self.kind, self.options], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


class Configuration(Section):
    """All of `cairn.toml`."""

    organisation: Organisation = Organisation()
    environments: dict[Tier, list[Annotated[str, Field(min_length=1)]]] = Field(
        DEFAULT_TIERS, description="patterns of environment names per tier; first match wins"
    )
    team: tuple[Team, ...] = ()
    service: tuple[ServiceSettings, ...] = ()
    registry: tuple[Registry, ...] = ()
    model: tuple[ModelSettings, ...] = ()
    pipeline: tuple[PipelineSettings, ...] = ()
    annotation: tuple[Annotation, ...] = ()
    control: dict[str, dict[str, StrictBool | StrictInt | StrictFloat | str | tuple[str, ...]]] = (
        Field(
            {},
            description="`[control.VM-04]`: parameters of a control that hold instead of its own",
        )
    )
    cost: CostSettings = CostSettings()
    governance: GovernanceSettings = GovernanceSettings()
    ledger: LedgerSettings = LedgerSettings()
    sign_in: SignInSettings | None = None
    waivers: WaiverSettings = WaiverSettings()
    source: tuple[SourceSettings, ...] = ()

    @model_validator(mode="after")
    def _names_are_unique(self) -> Configuration:
        for table, names in (
            ("source", [source.name for source in self.source]),
            ("team", [team.name for team in self.team]),
            ("service", [service.name for service in self.service]),
        ):
            seen: set[str] = set()
            for index, name in enumerate(names):
                if name in seen:
                    what = f"a second {table} named `{name}`"
                    raise mistake(what, "give each a name of its own", table, index, "name")
                seen.add(name)
        return self

    @model_validator(mode="after")
    def _registries_are_unique(self) -> Configuration:
        seen: set[str | None] = set()
        for index, source in enumerate(registry.source for registry in self.registry):
            if source in seen:
                whose = f"for source `{source}`" if source else "without a `source`"
                what = f"a second `[[registry]]` {whose}: which rules hold?"
                raise mistake(what, "write all of its rules into one", "registry", index)
            seen.add(source)
        return self

    @model_validator(mode="after")
    def _teams_exist(self) -> Configuration:
        names = {team.name for team in self.team}
        for table, index, key, name in self._mentioned_teams():
            if name not in names:
                what, fix = f"`{key}`: there is no team `{name}`", nearest(name, names)
                raise mistake(what, fix, table, index, key)
        return self

    @model_validator(mode="after")
    def _teams_nest(self) -> Configuration:
        parents = {team.name: team.parent for team in self.team}
        for index, team in enumerate(self.team):
            above: list[str] = []
            parent = team.parent
            while parent is not None:
                above.append(parent)
                if parent == team.name:
                    what = f"team `{team.name}` is part of itself"
                    raise mistake(what, "take a `parent` out", "team", index, "parent")
                if len(above) > _DEEPEST:
                    what = f"team `{team.name}` is more than {_DEEPEST} teams deep"
                    raise mistake(what, "nest them less deeply", "team", index, "parent")
                parent = parents[parent]
        return self

    @property
    def sha256(self) -> str:
        """The hash written into each snapshot's manifest."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()

    def _mentioned_teams(self) -> Iterator[tuple[str, int, str, str]]:
        for index, team in enumerate(self.team):
            if team.parent is not None:
                yield "team", index, "parent", team.parent
        for index, annotation in enumerate(self.annotation):
            if annotation.team is not None:
                yield "annotation", index, "team", annotation.team

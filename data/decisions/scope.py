"""What part of the organisation a decision about a control holds for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import translate
from typing import Any, Generic, TypeVar

from data.errors import WrongQuestion

T = TypeVar("T")
Row = Mapping[str, Any]
"""A member of a control's population: `id`, `team`, and `repository`, `service` or `model`."""
Above = Mapping[str, Sequence[str]]
"""Of a team: those it is part of, the nearest first."""

_LONGEST = 500


class ScopeRefused(WrongQuestion):
    """A scope is named that nothing can be in."""


class ScopeKind(StrEnum):
    """What a scope names, the narrowest first."""

    ROW = "row"
    MODEL = "model"
    SERVICE = "service"
    REPOSITORY = "repository"
    """A name, or a pattern with `*` and `?`."""
    TEAM = "team"
    """With the teams below it."""
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the organisation, as it is written: `team:web`, `row:…`, `organisation`."""

    kind: ScopeKind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind.value

    @property
    def is_pattern(self) -> bool:
        """Whether it can name several repositories."""
        return self.kind is ScopeKind.REPOSITORY and not set(self.name).isdisjoint("*?[")


ORGANISATION = Scope(ScopeKind.ORGANISATION)


def parse_scope(text: str) -> Scope:
    """Reads a scope.

    Raises:
        ScopeRefused: if it is none.
    """
    kind, colon, name = text.strip().partition(":")
    name = name.strip()
    if kind == ScopeKind.ORGANISATION and not colon:
        return ORGANISATION
    named = [one.value for one in ScopeKind if one is not ScopeKind.ORGANISATION]
    if kind not in named or not name or len(name) > _LONGEST or not name.isprintable():
        told = ", ".join(f"`{one}:…`" for one in reversed(named))
        raise ScopeRefused(f"`{text[:80]}` is no scope", "", f"write `organisation`, or {told}")
    return Scope(ScopeKind(kind), name)


class Covering(Generic[T]):
    """Decisions that stand, ready to be asked for many rows: the narrowest scope wins.

    Asking takes about the same time however many decisions there are.
    """

    def __init__(self, standing: Iterable[tuple[str, Scope, T]], above: Above) -> None:
        """Takes control, scope and decision; of several with the same scope the first counts."""
        self._above = above
        self._by_scope: dict[str, dict[str, T]] = {}
        self._patterns: dict[str, list[tuple[re.Pattern[str], T]]] = {}
        self._repositories: dict[tuple[str, str], T | None] = {}
        for control, scope, one in standing:
            self._by_scope.setdefault(control, {}).setdefault(str(scope), one)
            if scope.is_pattern:
                pattern = re.compile(translate(scope.name))
                self._patterns.setdefault(control, []).append((pattern, one))

    def covering(self, control: str, row: Row) -> T | None:
        """The decision that holds for a row of a control, if there is one."""
        known = self._by_scope.get(control)
        if known is None:
            return None
        for prefix, key in _KEYS:
            name = row.get(key)
            if name and (one := known.get(prefix + name)) is not None:
                return one
        repository = row.get("repository")
        found = self._of_repository(control, repository) if repository else None
        return found if found is not None else self._of_team(known, row.get("team"))

    def _of_repository(self, control: str, repository: str) -> T | None:
        """By pattern; each repository is compared with the patterns once."""
        key = (control, repository)
        if key not in self._repositories:
            patterns = self._patterns.get(control, ())
            self._repositories[key] = next(
                (one for pattern, one in patterns if pattern.match(repository)), None
            )
        return self._repositories[key]

    def _of_team(self, known: Mapping[str, T], team: str | None) -> T | None:
        teams = (team, *self._above.get(team, ())) if team else ()
        for name in teams:
            if (one := known.get(f"team:{name}")) is not None:
                return one
        return known.get(ScopeKind.ORGANISATION.value)


_KEYS = (("row:", "id"), ("model:", "model"), ("service:", "service"),
         ("repository:", "repository"))  # fmt: skip

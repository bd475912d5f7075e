"""The protection of a repository as one reading shows it, and what changed since the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus

from connectors.answers.page import Header
from connectors.github.api.surveyed import answers_of
from connectors.github.governance.protection_layers import (
    EVERY_TAG,
    classic_layer,
    hidden_classic_layer,
    is_administrator,
    is_for_tags,
    ruleset_layers,
    tag_layers,
)
from connectors.github.governance.rules_in_force import UNKNOWN, Layer, passing_by, together
from connectors.interface import Json

State = Mapping[str, Mapping[str, Json]]
"""By `branch/<name>` or `tag/<pattern>`: the fields of a `Protection`, JSON-able."""

_NOT_IN_PLAN = "Upgrade to"
_NOT_PROTECTED = "Branch not protected"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reading shows."""

    state: State
    hidden: Sequence[str]
    """What was not shown to this token: `classic`, `rules`, `bypass`, `tags`, `code_owners`."""


def seen(header: Header, answers: Sequence[Json]) -> Seen:
    """What the answers of a page show."""
    return _Look(header, answers).seen


class _Look:
    """The answers of one reading, taken apart."""

    def __init__(self, header: Header, answers: Sequence[Json]) -> None:
        self._said = answers_of(header, answers)
        self._refused: Mapping[str, Mapping[str, Json]] = header["refused"]
        self._branch: str = header["branch"]
        self._flags: Mapping[str, Json] = self._first("branch") or {}
        self._rulesets = {
            int(name.partition("/")[2]): told[0]
            for name, told in self._said.items()
            if name.startswith("ruleset/")
        }

    @property
    def seen(self) -> Seen:
        """The rules in force, and what is hidden of them."""
        layers = list(self._layers())
        is_flagged = self._flags.get("protected")
        is_shown = any(layer.rules != UNKNOWN.rules for layer in layers)
        is_protected = True if is_shown else is_flagged
        if is_flagged and not layers:
            layers = [UNKNOWN]
        branch = {**_told(layers, is_protected), **self._code_owners}
        tags, has_tags = self._tags
        state = {f"branch/{self._branch}": branch, **tags}
        return Seen(state, sorted(self._hidden(branch, has_tags=has_tags)))

    def _layers(self) -> Iterator[Layer]:
        rules = self._listed("rules")
        if rules is None and self._flags.get("protected") is not False:
            yield UNKNOWN
        yield from ruleset_layers(rules or (), self._rulesets)
        if classic := self._first("classic"):
            yield classic_layer(classic)
        elif self._is_classic_hidden:
            yield hidden_classic_layer(self._flags)

    @property
    def _is_classic_hidden(self) -> bool:
        """Whether there is classic protection that was not shown: its absence is told to some."""
        refusal = self._refused.get("classic")
        if refusal is None or _is_absence(refusal) or _NOT_PROTECTED in refusal["what"]:
            return False
        return (self._flags.get("protection") or {}).get("enabled") is not False

    @property
    def _tags(self) -> tuple[State, bool]:
        listed = self._listed("tag_rulesets")
        wanted = [each["id"] for each in listed or () if is_for_tags(each)]
        if listed is None or not self._rulesets.keys() >= set(wanted):
            return {f"tag/{EVERY_TAG}": _told([UNKNOWN], None)}, False
        by_pattern = tag_layers(self._rulesets[number] for number in wanted)
        return {f"tag/{name}": _told(of, bool(of)) for name, of in by_pattern.items()}, True

    @property
    def _code_owners(self) -> dict[str, Json]:
        told = self._first("code_owners")
        if told is not None:
            return {"has_code_owners": True, "code_owner_errors": len(told.get("errors") or ())}
        is_absent = self._status("code_owners") == HTTPStatus.NOT_FOUND
        return {"has_code_owners": False if is_absent else None, "code_owner_errors": None}

    def _hidden(self, branch: Mapping[str, Json], *, has_tags: bool) -> Iterator[str]:
        if self._is_classic_hidden:
            yield "classic"
        if self._listed("rules") is None:
            yield "rules"
        if branch["is_protected"] and branch["bypass_actors"] is None:
            yield "bypass"
        if not has_tags:
            yield "tags"
        if branch["has_code_owners"] is None:
            yield "code_owners"

    def _first(self, name: str) -> Mapping[str, Json] | None:
        answers = self._said.get(name)
        return answers[0] if answers else None

    def _listed(self, name: str) -> Sequence[Mapping[str, Json]] | None:
        """All items of a list; none where the plan has no such thing, null where it is hidden."""
        refusal = self._refused.get(name)
        if refusal is not None:
            return () if _is_absence(refusal) else None
        return [item for page in self._said.get(name, ()) for item in page]

    def _status(self, name: str) -> int | None:
        return (self._refused.get(name) or {}).get("status")


def told_since(now: Seen, header: Header) -> State:
    """The state with the times between which each part of it became what it is.

    Tags that no rule names any more are told as unprotected.
    """
    before: State = header["before"]
    tags = [key for key in before if key.startswith("tag/") and key not in now.state]
    is_hidden = "tags" in now.hidden
    left = _told([UNKNOWN], None) if is_hidden else _told([], is_protected=False)
    every = {**now.state, **dict.fromkeys(tags, left)}
    return {
        key: {**fields, **_times(fields, before.get(key), header)} for key, fields in every.items()
    }


def _times(
    fields: Mapping[str, Json], before: Mapping[str, Json] | None, header: Header
) -> Mapping[str, Json]:
    known = before or {}
    if before is not None and fields.items() <= before.items():
        return {name: known[name] for name in ("changed_after_at", "changed_before_at")}
    return {"changed_after_at": header["before_at"], "changed_before_at": header["read_at"]}


def _told(layers: Sequence[Layer], is_protected: bool | None) -> dict[str, Json]:
    rules = asdict(together(layers))
    actors = passing_by(layers)
    is_admin_bound = None if actors is None else not any(map(is_administrator, actors))
    return {
        **{name: _json_able(value) for name, value in rules.items()},
        "is_protected": is_protected,
        "is_admin_bound": is_admin_bound if layers else False,
        "bypass_actors": _json_able(actors),
    }


def _json_able(value: Json) -> Json:
    return sorted(value) if isinstance(value, Iterable) and not isinstance(value, str) else value


def _is_absence(refusal: Mapping[str, Json]) -> bool:
    """Whether the plan has no such thing: then there can be none."""
    return _NOT_IN_PLAN in refusal["what"]

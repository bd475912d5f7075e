"""The stream of who has access to the group and those below it, and of its settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar
from urllib.parse import quote

from connectors.answers.page import Header
from connectors.api.reader import Items, OrganisationReader
from connectors.gitlab.api.daily import answers_of
from connectors.gitlab.api.look import DailyLook
from connectors.gitlab.api.refusing import refused_gaps
from connectors.gitlab.asking import Asking
from connectors.gitlab.governance.access_rows import (
    access_token_row,
    deploy_token_row,
    group_row,
    is_in_force,
    member_row,
    organisation_row,
)
from connectors.hosting.readable import readable
from connectors.interface import Cursor, Json
from data.model import Record, SubjectKind

_WORDS: Mapping[str, str] = {
    "group": "the group",
    "subgroups": "the groups below it",
    "members": "members",
    "access_tokens": "access tokens",
    "deploy_tokens": "deploy tokens",
}

Rights = Callable[[Asking, str, Json], Record]


class Access(OrganisationReader):
    """Reads members, invited groups and tokens of a group, and of each group below it.

    A right is told once, where it was given: it holds for all groups and projects below.
    """

    kind: ClassVar[str] = "access"
    entities: ClassVar[tuple[str, ...]] = ("organisation", "member_access", "gap")
    needs: ClassVar[str] = (
        "scope read_api, Guest for members, Maintainer for deploy tokens, Owner for tokens"
    )
    blind: ClassVar[tuple[str, ...]] = ("AC-01", "AC-02", "AC-03", "AC-04")

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, cursor: Cursor | None) -> Items:
        """Yields all there is, if something is not what it was."""
        settings, group = self._asking.settings, self._asking.group
        if settings.projects and settings.group is None:
            return  # single projects are read, and no group
        look = DailyLook(self._asking, cursor, group)
        if look.is_due:
            self._ask(look, group)
        needs = f"needs {self.needs}"
        yield from refused_gaps(
            self._asking, group, self.kind, look.refused, _WORDS, needs, look.lost
        )
        if look.is_due:
            yield look.complete({"group": group})

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        said = answers_of(header, answers)
        if top := said.get("group"):
            yield organisation_row(self._asking, top)
        for name, answer in said.items():
            part, _, path = name.partition("/")
            scope = path or header["group"]
            if part == "group":
                invited = (answer or {}).get("shared_with_groups") or ()
                yield from self._rights(scope, "invited group", invited, group_row)
            elif part == "members":
                people = _without_bots(answer, said)
                yield from self._rights(scope, "member", people, _member)
            elif part == "access_tokens":
                tokens = filter(is_in_force, answer)
                yield from self._rights(scope, "access token", tokens, access_token_row)
            elif part == "deploy_tokens":
                tokens = filter(is_in_force, answer)
                yield from self._rights(scope, "deploy token", tokens, deploy_token_row)

    def _rights(
        self, scope: str, kind: str, items: Sequence[Json] | Iterator[Json], row_of: Rights
    ) -> Iterator[Record]:
        row = partial(row_of, self._asking, scope)
        yield from readable(self._asking, scope, kind, items, row)

    def _ask(self, look: DailyLook, group: str) -> None:
        path = f"groups/{quote(group, safe='')}"
        # Without `with_projects` all its projects come along.
        look.ask("group", path, {"with_projects": False})
        look.ask_list("members", f"{path}/members/all")
        self._ask_tokens(look, path, "")
        for below in look.ask_list("subgroups", f"{path}/descendant_groups") or ():
            path, of = f"groups/{below['id']}", f"/{below['full_path']}"
            look.ask(f"group{of}", path, {"with_projects": False})
            look.ask_list(f"members{of}", f"{path}/members")
            self._ask_tokens(look, path, of)

    def _ask_tokens(self, look: DailyLook, path: str, of: str) -> None:
        look.ask_list(f"access_tokens{of}", f"{path}/access_tokens")
        look.ask_list(f"deploy_tokens{of}", f"{path}/deploy_tokens")


def without_bots(members: Sequence[Json], tokens: Sequence[Json]) -> list[Json]:
    """The members but for those that are made for tokens, which are told as tokens."""
    bots = {token.get("user_id") for token in tokens if isinstance(token, dict)}
    return [item for item in members if not (isinstance(item, dict) and item.get("id") in bots)]


def _without_bots(members: Sequence[Json], said: Mapping[str, Json]) -> list[Json]:
    every = [each for name, each in said.items() if name.partition("/")[0] == "access_tokens"]
    return without_bots(members, [token for tokens in every for token in tokens])


def _member(asking: Asking, scope: str, item: Json) -> Record:
    return member_row(asking, scope, SubjectKind.MEMBER, item)

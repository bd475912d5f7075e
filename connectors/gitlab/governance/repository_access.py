"""The stream of who has access to a project by rights that are given in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar
from urllib.parse import quote

from connectors.answers.page import Header
from connectors.api.reader import Items
from connectors.gitlab.api.daily import answers_of
from connectors.gitlab.api.look import DailyLook
from connectors.gitlab.api.refusing import refused_gaps
from connectors.gitlab.asking import Asking, below
from connectors.gitlab.governance.access import without_bots
from connectors.gitlab.governance.access_rows import (
    access_token_row,
    deploy_key_row,
    deploy_token_row,
    group_row,
    is_in_force,
    member_row,
)
from connectors.hosting.place import Place
from connectors.hosting.readable import readable
from connectors.hosting.reader import Reader
from connectors.http.errors import Refused
from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Cursor, Json
from data.model import Record, SubjectKind

_WORDS: Mapping[str, str] = {
    "members": "members of the project",
    "access_tokens": "access tokens",
    "deploy_keys": "deploy keys",
    "deploy_tokens": "deploy tokens",
}
_TOKENS = ("access_tokens", "deploy_keys", "deploy_tokens")


class RepositoryAccess(Reader):
    """Reads members, invited groups, tokens and keys of a project itself.

    What its groups give is told by the stream `access`, once for all their projects.
    """

    kind: ClassVar[str] = "repository_access"
    entities: ClassVar[tuple[str, ...]] = ("member_access", "gap")
    needs: ClassVar[str] = "scope read_api, Guest for members, Maintainer for keys and tokens"
    blind: ClassVar[tuple[str, ...]] = ("AC-02", "AC-03", "AC-05")

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._insiders: dict[str, frozenset[int] | None] = {}

    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields all rights, if one is not what it was."""
        look = DailyLook(self._asking, cursor, place.name)
        if look.is_due:
            self._ask(look, place)
        needs = f"needs {self.needs}"
        yield from refused_gaps(
            self._asking, place.name, self.kind, look.refused, _WORDS, needs, look.lost
        )
        if look.is_due:
            yield look.complete({"repository": place.name, "id": place.id})

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        if "asked" not in header:
            return
        asking, project = self._asking, header["repository"]
        said = answers_of(header, answers)
        outside = set(said["outside"])
        people = without_bots(said.get("members", ()), said.get("access_tokens", ()))

        def member(item: Json) -> Record:
            is_outside = item["id"] in outside
            kind = SubjectKind.OUTSIDE if is_outside else SubjectKind.MEMBER
            return member_row(asking, project, kind, item)

        yield from readable(asking, project, "member", people, member)
        for name, row_of in (
            ("invited_groups", group_row),
            ("access_tokens", access_token_row),
            ("deploy_keys", deploy_key_row),
            ("deploy_tokens", deploy_token_row),
        ):
            items = filter(is_in_force, said.get(name) or ())
            kind = name.removesuffix("s").replace("_", " ")
            yield from readable(asking, project, kind, items, partial(row_of, asking, project))

    def _ask(self, look: DailyLook, place: Place) -> None:
        members = look.ask_list("members", below(place, "members"))
        for name in _TOKENS:
            look.ask_list(name, below(place, name))
        look.show("invited_groups", self._asking.listed[place.id].get("shared_with_groups") or [])
        look.show("outside", self._outside(place, members or ()))

    def _outside(self, place: Place, members: Sequence[Json]) -> list[int]:
        """Numbers of those members of a project who are not members of its group."""
        insiders = self._members_of(place.owner) if members else None
        if insiders is None:
            return []
        numbers = {item.get("id") for item in members if isinstance(item, dict)}
        return sorted({number for number in numbers if isinstance(number, int)} - insiders)

    def _members_of(self, group: str) -> frozenset[int] | None:
        """Numbers of a group's members, asked for once; null if it is none, or hides them."""
        if group not in self._insiders:
            path = f"groups/{quote(group, safe='')}/members/all"
            listed = PagedList(
                Ask(path, {"per_page": 100}), by_link, items=list, key=lambda item: str(item["id"])
            )
            try:
                pages = list(listed.pages(self._asking.api))
            except Refused:
                self._insiders[group] = None
            else:
                self._insiders[group] = frozenset(i["id"] for page in pages for i in page.items)
        return self._insiders[group]

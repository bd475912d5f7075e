"""The repositories a source reads; new ones join by themselves."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus

from connectors.answers.understanding import LATE, understood
from connectors.github.asking import Asking
from connectors.hosting.place import Place
from connectors.hosting.placing import key_of, placed
from connectors.hosting.selection import is_selected
from connectors.http.errors import Forbidden, NotFound, Refused
from connectors.http.paging import Ask, Items, PagedList, by_link
from connectors.interface import Json, SourceUnavailable

_LOG = logging.getLogger(__name__)
_FIX = "correct the organisation, `include` and `exclude`"
_FIX_FOR_NOBODY = 'name a token, as token = "env:GITHUB_TOKEN"'
_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_ORDER = {"per_page": 100, "sort": "created", "direction": "asc"}


class Repositories:
    """Lists what the source is configured to read."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def places(self) -> Sequence[Place]:
        """The repositories to read, those that changed last first.

        One that is not what it should be is left out, and told in the log.

        Raises:
            HttpError: if they cannot be listed.
            SourceUnavailable: if none is there.
        """
        items = list(understood(self._items(), self._where))
        told = list(placed(items, _place, "full_name", self._where))
        if items and not told:
            what = f"none of {len(items)} repositories is what it should be"
            raise SourceUnavailable(what, self._where, LATE)
        places = {place.id: place for place, item in told if self._is_wanted(place, item)}
        if not places:
            raise SourceUnavailable("there is no repository to read", self._where, self._fix(_FIX))
        return sorted(places.values(), key=lambda place: place.pushed_at or "", reverse=True)

    @property
    def _where(self) -> str:
        return f"repositories of {self._asking.organisation}"

    def _fix(self, otherwise: str) -> str:
        settings = self._asking.settings
        has_credential = settings.tokens or settings.app
        return otherwise if has_credential else f"{_FIX_FOR_NOBODY}, or {otherwise}"

    def _is_wanted(self, place: Place, item: Json) -> bool:
        settings = self._asking.settings
        return (
            is_selected(place.name, settings.include, settings.exclude)
            and (settings.include_archived or not place.is_archived)
            and (settings.include_forks or not item.get("fork"))
        )

    def _items(self) -> Iterator[Json]:
        if self._asking.settings.repositories:
            yield from self._named(self._asking.settings.repositories)
            return
        owner = self._asking.organisation
        try:
            yield from self._pages(f"orgs/{owner}/repos", {"type": "all"})
        except NotFound as refused:
            yield from self._of_account(owner, refused)

    def _named(self, names: Sequence[str]) -> Iterator[Json]:
        """Those that are there; one that is not stops none of the others."""
        refusals: list[Refused] = []
        for name in names:
            try:
                yield self._asking.api.get(f"repos/{name}").json()
            except (Forbidden, NotFound) as refused:
                _LOG.warning("%s is left out: %s", name, refused)
                refusals.append(refused)
        if len(refusals) == len(names):
            raise refusals[0]

    def _of_account(self, owner: str, refused: NotFound) -> Iterator[Json]:
        """The repositories of an account: its private ones are told to itself and its app alone."""
        if self._asking.settings.app is not None:
            pages = self._pages("installation/repositories", {}, lambda told: told["repositories"])
            yield from (item for item in pages if _is_of(item, owner))
        elif self._is_own(owner):
            yield from self._pages("user/repos", {"affiliation": "owner"})
        else:
            try:
                yield from self._pages(f"users/{owner}/repos", {"type": "owner"})
            except NotFound:
                what = f"organisation {owner} is not found, or hidden from this token"
                fix = self._fix("correct the organisation, or let the token see it")
                raise NotFound(what, refused.where, fix, HTTPStatus.NOT_FOUND) from None

    def _is_own(self, owner: str) -> bool:
        """Whether the one token is the account's own; of several, each may be another's."""
        if len(self._asking.settings.tokens) != 1:
            return False
        try:
            told = self._asking.api.get("user").json()
        except (Forbidden, NotFound):
            return False
        return isinstance(told, dict) and str(told.get("login")).lower() == owner.lower()

    def _pages(
        self, path: str, params: dict[str, Json], items: Items | None = None
    ) -> Iterator[Json]:
        ask = Ask(path, {**params, **_ORDER})
        for page in PagedList(ask, by_link, items=items or _listed, key=key_of).pages(
            self._asking.api
        ):
            yield from page.items


def _listed(answer: Json) -> Sequence[Json]:
    if not isinstance(answer, list):
        raise TypeError("no list of repositories")
    return answer


def _is_of(item: Json, owner: str) -> bool:
    """Whether it is an account's; what is no repository is told as such later."""
    name = item.get("full_name") if isinstance(item, dict) else None
    return not isinstance(name, str) or name.lower().startswith(f"{owner.lower()}/")


def _place(item: Json) -> Place:
    """The repository; its id and its name become parts of addresses."""
    key, name = item["id"], item["full_name"]
    if not isinstance(key, int):
        raise TypeError("its id is no number")
    if not _NAME.fullmatch(name):
        raise ValueError("its name is none")
    pushed_at = _text(item["pushed_at"])
    return Place(
        id=str(key),
        name=name,
        default_branch=_text(item["default_branch"]) if pushed_at else None,
        pushed_at=pushed_at,
        is_archived=bool(item.get("archived")),
    )


def _text(told: Json) -> str | None:
    if not isinstance(told, str | None):
        raise TypeError(f"{type(told).__name__} where a text should be")
    return told

"""The repositories a source reads; new ones join by themselves."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from connectors.github.asking import Asking
from connectors.hosting.place import Place
from connectors.hosting.selection import is_selected
from connectors.hosting.understanding import understood
from connectors.http.errors import Forbidden, NotFound, Refused
from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Json, SourceUnavailable

_LOG = logging.getLogger(__name__)
_FIX = "correct the organisation, `include` and `exclude`"
_FIX_FOR_NOBODY = 'name a token, as token = "env:GITHUB_TOKEN"'


class Repositories:
    """Lists what the source is configured to read."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def places(self) -> Sequence[Place]:
        """The repositories to read, those that changed last first.

        Raises:
            HttpError: if they cannot be listed.
            SourceUnavailable: if none is there.
        """
        places = {place.id: place for place in understood(self._found(), self._where)}
        if not places:
            what, fix = "there is no repository to read", _FIX
            if not (self._asking.settings.tokens or self._asking.settings.app):
                fix = f"{_FIX_FOR_NOBODY}, or {fix}"
            raise SourceUnavailable(what, self._where, fix)
        return sorted(places.values(), key=lambda place: place.pushed_at or "", reverse=True)

    @property
    def _where(self) -> str:
        return f"repositories of {self._asking.organisation}"

    def _found(self) -> Iterator[Place]:
        return (_place(item) for item in self._items() if self._is_wanted(item))

    def _is_wanted(self, item: Json) -> bool:
        settings = self._asking.settings
        return (
            is_selected(item["full_name"], settings.include, settings.exclude)
            and (settings.include_archived or not item.get("archived"))
            and (settings.include_forks or not item.get("fork"))
        )

    def _items(self) -> Iterator[Json]:
        if self._asking.settings.repositories:
            yield from self._named(self._asking.settings.repositories)
            return
        owner = self._asking.organisation
        try:
            yield from self._pages(f"orgs/{owner}/repos")
        except NotFound:
            yield from self._pages(f"users/{owner}/repos")

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

    def _pages(self, path: str) -> Iterator[Json]:
        params = {"per_page": 100, "type": "all", "sort": "created", "direction": "asc"}
        if path.startswith("users/"):
            params["type"] = "owner"
        listed = PagedList(Ask(path, params), by_link, items=_objects, key=_key)
        for page in listed.pages(self._asking.api):
            yield from page.items


def _objects(answer: Json) -> Sequence[Json]:
    """The repositories of a page, without those that GitHub could not tell."""
    if not isinstance(answer, list):
        raise TypeError("no list of repositories")
    return [item for item in answer if item is not None]


def _key(item: Json) -> str:
    return str(item["id"])


def _place(item: Json) -> Place:
    return Place(
        id=str(item["id"]),
        name=item["full_name"],
        default_branch=item["default_branch"] if item["pushed_at"] else None,
        pushed_at=item["pushed_at"],
        is_archived=bool(item.get("archived")),
    )

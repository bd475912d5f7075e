"""The repositories a source reads; new ones join by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.github.asking import Asking
from connectors.hosting.place import Place
from connectors.hosting.selection import is_selected
from connectors.http.errors import NotFound
from connectors.http.paging import Ask, PagedList, by_link
from connectors.http.reply import Reply
from connectors.interface import Json, SourceUnavailable


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
        items = [item for reply in self._ask() for item in _items(reply.json())]
        places = {place.id: place for place in map(_place, filter(self._is_wanted, items))}
        if not places:
            what, fix = (
                "there is no repository to read",
                "correct the organisation, `include` and `exclude`",
            )
            raise SourceUnavailable(what, self._asking.organisation, fix)
        return sorted(places.values(), key=lambda place: place.pushed_at or "", reverse=True)

    def _is_wanted(self, item: Json) -> bool:
        settings = self._asking.settings
        return (
            is_selected(item["full_name"], settings.include, settings.exclude)
            and (settings.include_archived or not item.get("archived"))
            and (settings.include_forks or not item.get("fork"))
        )

    def _ask(self) -> Iterator[Reply]:
        settings = self._asking.settings
        if settings.repositories:
            for name in settings.repositories:
                yield self._asking.api.get(f"repos/{name}")
            return
        owner = self._asking.organisation
        try:
            yield from self._pages(f"orgs/{owner}/repos")
        except NotFound:
            yield from self._pages(f"users/{owner}/repos")

    def _pages(self, path: str) -> Iterator[Reply]:
        params = {"per_page": 100, "type": "all", "sort": "created", "direction": "asc"}
        if path.startswith("users/"):
            params["type"] = "owner"
        listed = PagedList(Ask(path, params), by_link, items=list, key=lambda item: str(item["id"]))
        for page in listed.pages(self._asking.api):
            yield page.reply


def _items(answer: Json) -> Sequence[Json]:
    return answer if isinstance(answer, list) else [answer]


def _place(item: Json) -> Place:
    return Place(
        id=str(item["id"]),
        name=item["full_name"],
        default_branch=item["default_branch"] if item["pushed_at"] else None,
        pushed_at=item["pushed_at"],
        is_archived=bool(item.get("archived")),
    )

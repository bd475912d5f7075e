"""The projects a source reads; new ones join by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from connectors.gitlab.asking import Asking
from connectors.hosting.place import Place
from connectors.hosting.selection import is_selected
from connectors.http.errors import NotFound
from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Json, SourceUnavailable


class Projects:
    """Lists what the source is configured to read."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def places(self) -> Sequence[Place]:
        """The projects to read, those that changed last first.

        Raises:
            HttpError: if they cannot be listed.
            SourceUnavailable: if none is there.
        """
        wanted = {str(item["id"]): item for item in self._items() if self._is_wanted(item)}
        if not wanted:
            what = "there is no project to read"
            fix = "correct the group, `include` and `exclude`, and what the token may see"
            raise SourceUnavailable(what, self._asking.group, fix)
        self._asking.listed.clear()
        self._asking.listed.update(wanted)
        by_activity = sorted(
            wanted.values(), key=lambda item: item.get("last_activity_at") or "", reverse=True
        )
        return [_place(item) for item in by_activity]

    def _is_wanted(self, item: Json) -> bool:
        settings = self._asking.settings
        return (
            is_selected(item["path_with_namespace"], settings.include, settings.exclude)
            and (settings.include_archived or not item.get("archived"))
            and (settings.include_forks or not item.get("forked_from_project"))
        )

    def _items(self) -> Iterator[Json]:
        settings = self._asking.settings
        if settings.projects:
            for path in settings.projects:
                yield self._asking.api.get(f"projects/{quote(path, safe='')}").json()
            return
        path = quote(self._asking.group, safe="")
        params = {"include_subgroups": True, "with_shared": False}
        try:
            yield from self._pages(f"groups/{path}/projects", params)
        except NotFound:
            if "/" in self._asking.group:
                raise
            yield from self._pages(f"users/{path}/projects", {})

    def _pages(self, path: str, params: dict[str, Json]) -> Iterator[Json]:
        order = {"order_by": "id", "sort": "asc", "pagination": "keyset", "per_page": 100}
        listed = PagedList(
            Ask(path, {**params, **order}), by_link, items=list, key=lambda item: str(item["id"])
        )
        for page in listed.pages(self._asking.api):
            yield from page.items


def _place(item: Json) -> Place:
    return Place(
        id=str(item["id"]),
        name=item["path_with_namespace"],
        default_branch=None if item.get("empty_repo") else item.get("default_branch"),
        pushed_at=item.get("last_activity_at"),
        is_archived=bool(item.get("archived")),
    )

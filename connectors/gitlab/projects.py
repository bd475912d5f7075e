"""The projects a source reads; new ones join by themselves."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from connectors.gitlab.asking import Asking
from connectors.hosting.place import Place
from connectors.hosting.placing import key_of, placed
from connectors.hosting.selection import is_selected
from connectors.http.errors import Forbidden, NotFound, Refused, Unauthorized
from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Json, SourceUnavailable

_LOG = logging.getLogger(__name__)
_PATH = re.compile(r"[\w.+-]{1,255}(?:/[\w.+-]{1,255}){1,24}")
_ID = re.compile(r"[0-9]{1,18}")
_FIX = "correct the group, `include` and `exclude`, and what the token may see"
_FIX_FOR_NOBODY = 'name a token, as token = "env:GITLAB_TOKEN"'


class Projects:
    """Lists what the source is configured to read."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def places(self) -> Sequence[Place]:
        """The projects to read, those that changed last first.

        One that is not what it should be is left out, and told in the log.

        Raises:
            HttpError: if they cannot be listed.
            SourceUnavailable: if none is there.
        """
        told = placed(self._items(), _place, "path_with_namespace", self._where)
        wanted = {each.id: (each, item) for each, item in told if self._is_wanted(each, item)}
        if not wanted:
            what = "there is no project to read"
            raise SourceUnavailable(what, self._where, self._fix(_FIX))
        self._asking.listed.clear()
        self._asking.listed.update({key: item for key, (_, item) in wanted.items()})
        places = [place for place, _ in wanted.values()]
        return sorted(places, key=lambda place: place.pushed_at or "", reverse=True)

    @property
    def _where(self) -> str:
        return f"projects of {self._asking.group}"

    def _fix(self, otherwise: str) -> str:
        return otherwise if self._asking.settings.tokens else f"{_FIX_FOR_NOBODY}, or {otherwise}"

    def _is_wanted(self, place: Place, item: Json) -> bool:
        settings = self._asking.settings
        return (
            is_selected(place.name, settings.include, settings.exclude)
            and (settings.include_archived or not place.is_archived)
            and (settings.include_forks or not item.get("forked_from_project"))
        )

    def _items(self) -> Iterator[Json]:
        settings = self._asking.settings
        if settings.projects:
            yield from self._named(settings.projects)
            return
        path = quote(self._asking.group, safe="")
        params = {"include_subgroups": True, "with_shared": False}
        try:
            yield from self._pages(f"groups/{path}/projects", params)
        except NotFound as refused:
            if "/" in self._asking.group:
                raise self._no_group(refused) from None
            yield from self._of_account(path, refused)

    def _of_account(self, path: str, refused: NotFound) -> Iterator[Json]:
        """The projects of an account, if that is what is named."""
        try:
            yield from self._pages(f"users/{path}/projects", {})
        except (Forbidden, NotFound):
            raise self._no_group(refused) from None

    def _no_group(self, refused: NotFound) -> NotFound:
        what = f"there is no group {self._asking.group}, or it is hidden from this token"
        fix = self._fix("correct `group`, or give the token's account the right to see it")
        return NotFound(what, refused.where, fix, refused.status, refused.headers)

    def _named(self, paths: Sequence[str]) -> Iterator[Json]:
        """Those that are there; one that is not stops none of the others."""
        refusals: list[Refused] = []
        for number, path in enumerate(paths):
            try:
                yield self._asking.api.get(f"projects/{quote(path, safe='')}").json()
            except Refused as refused:
                if isinstance(refused, Unauthorized) and number == 0:
                    raise  # it is the token that is refused: no other project is asked for
                _LOG.warning("%s is left out: %s", path, refused)
                refusals.append(refused)
        if len(refusals) == len(paths):
            raise refusals[0]

    def _pages(self, path: str, params: dict[str, Json]) -> Iterator[Json]:
        order = {"order_by": "id", "sort": "asc", "pagination": "keyset", "per_page": 100}
        listed = PagedList(Ask(path, {**params, **order}), by_link, items=_list, key=key_of)
        for page in listed.pages(self._asking.api):
            yield from page.items


def _list(answer: Json) -> Sequence[Json]:
    if not isinstance(answer, list):
        raise TypeError("no list of projects")
    return answer


def _place(item: Json) -> Place:
    """The project; its id and its path become parts of addresses and of names."""
    key, path = str(item["id"]), item["path_with_namespace"]
    if not _ID.fullmatch(key):
        raise ValueError("its id is no number")
    if not _PATH.fullmatch(path):
        raise ValueError("its path is none")
    branch = _text_or_none(item.get("default_branch"))
    return Place(
        id=key,
        name=path,
        default_branch=None if item.get("empty_repo") else branch,
        pushed_at=_text_or_none(item.get("last_activity_at")),
        is_archived=bool(item.get("archived")),
    )


def _text_or_none(told: Json) -> str | None:
    if not isinstance(told, str | None):
        raise TypeError(f"{type(told).__name__} where a text should be")
    return told

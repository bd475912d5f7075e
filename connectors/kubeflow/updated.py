"""Lists of the registry in the order in which their items changed, from the last change known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.hosting.placing import key_of
from connectors.http.paging import Ask, PagedList, by_cursor
from connectors.http.session import Http
from connectors.interface import Json

API = "api/model_registry/v1alpha3/"
UPDATED, CREATED = "lastUpdateTimeSinceEpoch", "createTimeSinceEpoch"


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a list."""

    items: Sequence[Json]
    """Those that were not known as they are."""
    bookmark: Mapping[str, Json]
    is_last: bool
    is_filtered: bool
    """Whether the server heeded since when it was asked."""


def changed_since(
    http: Http, name: str, size: int, since: int, seen: Mapping[str, int], bookmark: Json
) -> Iterator[Shown]:
    """Yields the items of a list that changed, oldest change first.

    Args:
        http: what to ask.
        name: of the list.
        size: items a page.
        since: milliseconds since 1970: the newest change that is known.
        seen: id of an item to its last change that is known.
        bookmark: of a page of this reading.

    Raises:
        HttpError: if there is no usable answer.
    """
    order: dict[str, Json] = {"orderBy": "LAST_UPDATE_TIME", "sortOrder": "ASC", "pageSize": size}
    if since:
        order["filterQuery"] = f"{UPDATED} >= {since}"
    token = by_cursor("nextPageToken", lambda page: page.get("nextPageToken") or None)
    listed = PagedList(Ask(API + name, order), token, lambda page: page["items"], key_of)
    for page in listed.pages(http, bookmark):
        news = [item for item in page.items if seen.get(key_of(item)) != updated_ms(item)]
        is_filtered = all((updated_ms(item) or since) >= since for item in page.items)
        yield Shown(news, page.bookmark, page.is_last, is_filtered)


def updated_ms(item: Json) -> int | None:
    """When an item changed last; null if it does not tell."""
    told = item.get(UPDATED) if isinstance(item, dict) else None
    return int(told) if isinstance(told, str) and told.isdecimal() else None


def moment_of(told: Json) -> datetime:
    """A time told in milliseconds since 1970, as text.

    Raises:
        TypeError, ValueError: if it is none.
    """
    if not isinstance(told, str):
        raise TypeError(f"{told!r} where a time should be")
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(told))

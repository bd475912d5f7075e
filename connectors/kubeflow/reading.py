"""Reading several lists one after the other, with what is known of their items in a file."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from connectors.answers.page import write_page
from connectors.api.connector import ApiReader
from connectors.api.fields import name_of, packed
from connectors.api.reader import Items
from connectors.api.source import ApiSource
from connectors.interface import Batch, Cursor, Json
from connectors.kubeflow.updated import API, changed_since, updated_ms
from connectors.state_file import StateFile
from data.model import GapReason


class ListsReader(ApiReader):
    """Reads what changed of its lists, and what the items were before."""

    lists: ClassVar[Sequence[str]]
    page_size: ClassVar[int] = 100

    def __init__(self, api: ApiSource) -> None:
        self._api = api
        self._states = StateFile(api.context, api.source, self.kind)

    def look(self) -> None:
        """Asks for one item of the first list."""
        self._api.http.get(API + self.lists[0], {"pageSize": 1})

    @abstractmethod
    def page_of(self, name: str, items: Sequence[Json], known: Mapping[str, Any]) -> Json:
        """What the rows of a page must know; `known` is id to facts, list by list, before it."""

    @abstractmethod
    def facts_of(self, name: str, item: Json) -> Json:
        """What is kept of an item, to tell its next change."""

    def pull(self, cursor: Cursor | None) -> Items:
        """Yields the pages that have news."""
        address = self._api.http.base_url
        is_here = cursor is not None and cursor["address"] == address
        state = self._states.load(cursor["state"]) if cursor and is_here else None
        if cursor is not None and state is None:
            yield self._lost()
        known: dict[str, Any] = state or {name: {} for name in self.lists}
        going: Json = cursor["going"] if cursor and state else None
        # What a reading left is read first; lists that came before may have changed meanwhile.
        rest = self.lists[self.lists.index(going["list"]) :] if going else ()
        is_filtered = True
        for number, name in enumerate((*rest, *self.lists)):
            seen = {key: facts["updated"] for key, facts in known[name].items()}
            place = going if number == 0 else None
            since = place["since"] if place else self._newest(seen)
            pages = changed_since(
                self._api.http, name, self.page_size, since, seen, place and place["bookmark"]
            )
            has_more = place is not None
            for page in pages:
                is_filtered = is_filtered and page.is_filtered
                if not page.items and not (page.is_last and has_more):
                    continue
                body = write_page({"list": name}, packed(self.page_of(name, page.items, known)))
                for item in page.items:
                    self._note(known[name], name, item)
                after = {"list": name, "since": since, "bookmark": page.bookmark}
                state_name = self._states.save(known)
                more = None if page.is_last else after
                has_more = more is not None
                yield Batch(body, {"address": address, "state": state_name, "going": more})
        if not is_filtered:
            yield self._api.filter_ignored(self.kind, "`filterQuery`")

    def _newest(self, seen: Mapping[str, int | None]) -> int:
        """The newest change that is known, but for those by a clock that is ahead."""
        now_ms = int(self._api.context.clock().timestamp() * 1000)
        return max((at for at in seen.values() if at and at <= now_ms), default=0)

    def _note(self, known: dict[str, Any], name: str, item: Json) -> None:
        key = name_of(item)
        if key is not None:
            known[key] = {"updated": updated_ms(item), **self.facts_of(name, item)}

    def _lost(self) -> Any:
        return self._api.gap(
            f"{self.kind}/state",
            GapReason.TRUNCATED,
            f"what was read of the {self.kind} before is lost, or was read from elsewhere: what "
            "changed meanwhile is told without what it was",
            "keep the folder of the mirrors, and the address of the source",
        )

"""One look at several lists and settings, which show one state together."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cached_property

from connectors.answers.page import Header, write_page
from connectors.answers.understanding import LATE
from connectors.gitlab.api.daily import (
    digest_of,
    is_absent,
    is_due,
    nothing_new,
    refusal,
    to_archive,
)
from connectors.gitlab.api.refusing import MOST_ASKED_AGAIN
from connectors.gitlab.asking import Asking
from connectors.http.api import Params
from connectors.http.errors import Refused, Unauthorized, UnexpectedReply
from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Batch, Cursor, Json, Reading


class DailyLook:
    """Asks once a day, and keeps what the next look needs to see what changed.

    What the token was refused is asked at each sync. Once it would be answered, all is asked for:
    the answers of one look show one state together.
    """

    def __init__(self, asking: Asking, cursor: Cursor | None, name: str) -> None:
        """Prepares to ask.

        Args:
            asking: the source.
            cursor: that of the last look.
            name: what the rows are named by; under another one all is read again.
        """
        self._api = asking.api
        self._name = name
        self.now = asking.context.clock()
        known = dict(cursor or {})
        self.known: Mapping[str, Json] = known if known.get("name") == name else {}
        """What the last look kept."""
        self._answers: list[tuple[str, bytes]] = []
        self._refused: dict[str, Json] = {}
        self._refusals: list[Refused] = []
        self._again: list[Json] = []
        self._is_answered = False

    @cached_property
    def is_due(self) -> bool:
        """Whether to ask for all: a day is over, or what was refused would be answered by now.

        Raises:
            HttpError: if there is no usable answer.
        """
        if is_due(self.known, self._name, self.now):
            return True
        return any(self._is_allowed(path, params) for path, params in self.known.get("again", ()))

    def ask(
        self,
        name: str,
        path: str,
        params: Params | None = None,
        *,
        keep: Collection[str] | None = None,
    ) -> Json:
        """Asks for one thing; null if it is refused, or told to be so.

        Args:
            name: that of the question.
            path: where it is asked.
            params: as it is asked.
            keep: the fields that matter; null: all.

        Raises:
            HttpError: if there is no usable answer.
        """
        try:
            reply = self._api.get(path, params)
        except Refused as refused:
            self._refuse(name, refused, path, params)
            return None
        answer = reply.json()
        if not isinstance(answer, dict | None):
            raise UnexpectedReply("the answer is no object", reply.where, LATE, reply.status)
        self._is_answered = True
        if answer is not None and keep is not None:
            answer = {field: answer[field] for field in keep if field in answer}
        self.show(name, answer)
        return answer

    def ask_list(self, name: str, path: str, params: Params | None = None) -> list[Json] | None:
        """Asks for all pages of a list; null if it is refused.

        Raises:
            HttpError: if there is no usable answer.
        """
        first = Ask(path, {**(params or {}), "per_page": 100})
        found: list[Json] = []
        try:
            for page in PagedList(first, by_link, items=list, key=_key).pages(self._api):
                if page.bookmark["path"] == path:
                    found = []  # the list shifted, and is told from its start again
                found.extend(page.items)
        except Refused as refused:
            self._refuse(name, refused, path, params)
            return None
        self._is_answered = True
        self.show(name, found)
        return found

    def show(self, name: str, answer: Json) -> None:
        """Takes note of something that belongs to what is seen."""
        self._answers.append((name, to_archive(answer)))

    def demand(self) -> None:
        """Makes sure that something was answered.

        Raises:
            Refused: if all was refused: then it is no single thing that is hidden or missing.
        """
        if self._refusals and not self._is_answered:
            raise self._refusals[0]

    @property
    def refused(self) -> Mapping[str, Json]:
        """What was refused, by the name of the question; that of the last look until the next."""
        return self._refused if self.is_due else self.known.get("refused") or {}

    @property
    def lost(self) -> frozenset[str]:
        """What of that was told once: its rows stay what they were."""
        return frozenset(self.known.get("told", ())) & self.refused.keys()

    @property
    def has_changed(self) -> bool:
        """Whether what is seen now is not what was seen last."""
        return bool(self.cursor["digest"] != self.known.get("digest"))

    @property
    def cursor(self) -> dict[str, Json]:
        """What the next look needs."""
        answers = [[name, body.decode()] for name, body in self._answers]
        return {
            "name": self._name,
            "looked_at": self.now.isoformat(),
            "digest": digest_of(answers, self._statuses),
            "refused": self._refused,
            "again": self._again[:MOST_ASKED_AGAIN],
            "told": sorted({name for name, _ in self._answers} | self.lost),
        }

    def page(self, header: Header) -> bytes:
        """All answers as one page; `answers_of` takes them apart again."""
        told = {"asked": [name for name, _ in self._answers]}
        bodies = (body for _, body in self._answers)
        return write_page({**header, **told, "refused": self._statuses}, *bodies)

    def complete(self, header: Header) -> Batch:
        """The answers as all there is, if they are not what they were.

        Where all is refused, or something that was told before, nothing is taken for gone.
        """
        if not self.has_changed or not self._is_answered:
            return nothing_new(header, self.cursor)
        if self.lost:
            return Batch(self.page(header), self.cursor)
        payload = self.page(header)
        return Batch(payload, self.cursor, Reading.COMPLETE, is_last=True, is_first=True)

    @property
    def _statuses(self) -> dict[str, Json]:
        return {name: told["status"] for name, told in self._refused.items()}

    def _is_allowed(self, path: str, params: Params) -> bool:
        """Whether a question that was refused would be answered now."""
        try:
            self._api.get(path, params)
        except Refused:
            return False
        return True

    def _refuse(self, name: str, refused: Refused, path: str, params: Params | None) -> None:
        """Takes note of a refusal.

        Raises:
            Unauthorized: if nothing was answered yet: then it is the token that is refused. Later
                GitLab means by it that the right is missing.
        """
        if isinstance(refused, Unauthorized) and not self._is_answered:
            raise refused
        self._refusals.append(refused)
        self._refused[name] = refusal(refused)
        if not is_absent(self._refused[name]):
            self._again.append([path, dict(params or {})])


def _key(item: Json) -> str:
    """Tells one item of a list from another, whatever it is."""
    named = item.get("id") if isinstance(item, dict) else None
    return str(named or json.dumps(item, sort_keys=True))

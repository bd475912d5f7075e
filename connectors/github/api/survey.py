"""Several questions that show one state together, which is read again only when it changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import ClassVar

from connectors.answers.page import Header, write_page
from connectors.answers.understanding import LATE
from connectors.github.api.looking import Looking
from connectors.github.api.surveyed import Refusal
from connectors.github.api.withheld import to_archive
from connectors.http.api import Api, Params
from connectors.http.errors import HttpError, UnexpectedReply
from connectors.http.paging import Ask, Items, Page, PagedList, by_link
from connectors.http.reply import Validators
from connectors.interface import Batch, Cursor, Json, Reading

_REFUSALS = frozenset({403, 404, 410, 422, 451})

Weigh = Callable[[str, Json], Json]
"""What counts of the answer to a question of a name; the rest may change unnoticed."""


class Survey:
    """One reading: asks, and keeps what the next one needs to see whether anything changed."""

    page_size: ClassVar[int] = 100

    def __init__(
        self, api: Api, cursor: Cursor | None, name: str, weigh: Weigh, *, is_complete: bool = True
    ) -> None:
        """Prepares to ask.

        Args:
            api: what to ask.
            cursor: that of the last reading.
            name: what the rows are named by; under another name all is read again.
            weigh: what counts of an answer.
            is_complete: whether what a reading leaves out is taken for gone: then what was told
                last time must not be refused now.
        """
        state = dict(cursor or {})
        self._api = Looking(api)
        self._name = name
        self._weigh = weigh
        self._known: Sequence[Json] = state["asked"] if state.get("name") == name else ()
        self._asked: list[Json] = []
        self._answers: list[tuple[str, bytes]] = []
        self._is_complete = is_complete
        self._as_before: set[str] = set()

    def has_changed(self) -> bool:
        """Whether an answer is not what it was; free of charge for those that are.

        Raises:
            HttpError: if there is no usable answer.
        """
        return not self._known or any(map(self._differs, self._known))

    def ask(
        self,
        name: str,
        path: str,
        params: Params | None = None,
        *,
        is_needed: bool = True,
        follows: str | None = None,
    ) -> Mapping[str, Json] | None:
        """Asks for one thing; null if it is refused and not needed.

        What was not there can only have come when the answer it `follows` is another one.

        Raises:
            HttpError: if there is no usable answer.
        """
        question = {**_question(name, path, params), "follows": follows}
        try:
            reply = self._api.get(path, params)
        except HttpError as error:
            self._refuse(error, question, is_needed=is_needed)
            return None
        answer = reply.json()
        if not isinstance(answer, dict):
            raise UnexpectedReply("the answer is no object", reply.where, LATE, reply.status)
        self._note(question, reply.validators, answer)
        return answer

    def ask_list(
        self,
        name: str,
        path: str,
        params: Params | None = None,
        *,
        items: Items = list,
        is_needed: bool = True,
    ) -> Sequence[Json] | None:
        """Asks for all pages of a list; null if it is refused and not needed.

        Raises:
            HttpError: if there is no usable answer.
        """
        first = Ask(path, {**(params or {}), "per_page": self.page_size})
        pages: list[Page] = []
        try:
            for page in PagedList(first, by_link, items, _key).pages(self._api):
                if page.bookmark["path"] == path:
                    pages = []  # the list shifted, and is told from its start again
                pages.append(page)
        except HttpError as error:
            question = _question(name, first.path, first.params)
            self._refuse(error, question, is_needed=is_needed)
            return None
        for page in pages:
            question = _question(name, page.bookmark["path"], page.bookmark["params"])
            validators = {} if page.has_shifted else page.reply.validators
            self._note(question, validators, page.reply.json())
        return [item for page in pages for item in page.items]

    @property
    def refusals(self) -> Mapping[str, Refusal]:
        """What was refused, by the name of the question; that of last time if nothing changed."""
        told = self._asked or self._known
        return {each["name"]: Refusal(**each["refusal"]) for each in told if each["refusal"]}

    @property
    def cursor(self) -> dict[str, Json]:
        """Where the next reading goes on."""
        return {"name": self._name, "asked": self._asked}

    def page(self, header: Header) -> bytes:
        """All answers as one page; `answers_of` takes them apart again."""
        refused = {name: asdict(refusal) for name, refusal in self.refusals.items()}
        asked = [name for name, _ in self._answers]
        bodies = (body for _, body in self._answers)
        return write_page({**header, "asked": asked, "refused": refused}, *bodies)

    def complete(self, header: Header) -> Batch:
        """The answers as all there is."""
        return Batch(self.page(header), self.cursor, Reading.COMPLETE, is_last=True, is_first=True)

    def _differs(self, known: Json) -> bool:
        is_missing = known["refusal"] and known["refusal"]["status"] == HTTPStatus.NOT_FOUND
        if is_missing and known.get("follows") in self._as_before:
            return False
        try:
            reply = self._api.look(known["path"], known["params"], known["validators"])
        except HttpError as error:
            if error.status not in _REFUSALS:
                raise
            return bool(known["digest"] != _digest(asdict(Refusal.of(error))))
        if reply is None:
            self._as_before.add(known["name"])
            return False
        return bool(known["digest"] != _digest(self._weigh(known["name"], reply.json())))

    def _refuse(self, error: HttpError, question: Json, *, is_needed: bool) -> None:
        """Takes note of a refusal.

        Raises:
            HttpError: if it is none that can be lived with.
        """
        name = question["name"]
        was_told = any(each["name"] == name and not each["refusal"] for each in self._known)
        if is_needed or error.status not in _REFUSALS or (was_told and self._is_complete):
            raise error
        refusal = asdict(Refusal.of(error))
        told = {"digest": _digest(refusal), "validators": {}, "refusal": refusal}
        self._asked.append({**question, **told})

    def _note(self, question: Json, validators: Validators, answer: Json) -> None:
        name = question["name"]
        self._answers.append((name, to_archive(answer)))
        digest = _digest(self._weigh(name, answer))
        told = {"digest": digest, "validators": dict(validators), "refusal": None}
        self._asked.append({**question, **told})


def _question(name: str, path: str, params: Params | None) -> Json:
    return {"name": name, "path": path, "params": dict(params or {})}


def _key(item: Json) -> str:
    """Tells one item of a list from another, whatever it is."""
    named = item.get("id") if isinstance(item, dict) else None
    return str(named or json.dumps(item, sort_keys=True))


def _digest(value: Json) -> str:
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]

"""Asks GitLab's GraphQL API: one of the questions beside this file, and what may go wrong."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from connectors.answers.private import without_addresses_in
from connectors.credential import redact
from connectors.http.api import Api
from connectors.http.errors import Forbidden, HttpError, NotFound, Unavailable, UnexpectedReply
from connectors.http.reply import Reply
from connectors.interface import Json

_LOG = logging.getLogger(__name__)
_ADDRESS = "graphql"
_HEAVY = re.compile(r"(?i)exceeds max complexity|timed? ?out|less complex query")
_REFUSED = re.compile(r"(?i)don't have permission|not authorized|insufficient_scope|forbidden")
_UNKNOWN = re.compile(r"(?i)doesn't (?:exist on type|accept argument)|isn't a (?:defined|valid)")
_UNWELL = "sync again; if it stays, GitLab may be unwell"
_MOST_ERRORS, _LONGEST_SAID = 20, 200
_HEAVY_STATUS = frozenset({500, 502, 503, 504})


class TooHeavy(Unavailable):
    """The server finds the question too complex, or was too slow with its answer."""


@cache
def text_of(question: str) -> str:
    """The text of a question, as GitLab is sent it."""
    return (files(__package__) / "questions" / f"{question}.graphql").read_text(encoding="utf-8")


def ask(api: Api, question: str, variables: Mapping[str, Json]) -> Reply:
    """Asks a question about a project.

    An answer that has the project but lacks parts of it is given back: what is null there is
    missing, or hidden from the token.

    Raises:
        TooHeavy: if a smaller question might be answered.
        HttpError: if there is no answer about the project.
    """
    try:
        reply = api.post(_ADDRESS, {"query": text_of(question), "variables": dict(variables)})
    except Unavailable as error:
        if error.status not in _HEAVY_STATUS:
            raise
        raise TooHeavy(error.what, error.where, error.fix, error.status, error.headers) from None
    answer = reply.json()
    data = answer.get("data") if isinstance(answer, dict) else None
    if not (isinstance(data, dict) and isinstance(data.get("project"), dict)):
        raise _failure(question, reply, answer)
    for said in _said(answer):
        if _HEAVY.search(said):
            raise TooHeavy(said, f"{reply.where} ({question})", _UNWELL, reply.status)
    return reply


def project_of(reply: Reply) -> Mapping[str, Json]:
    """The project of an answer."""
    return json_object(reply.json()["data"]["project"])


def part_of(reply: Reply, name: str) -> Mapping[str, Json]:
    """A part of the project of an answer.

    Raises:
        NotFound: if it is null without a word, which is how GitLab hides.
        HttpError: if it is null for another reason.
        TypeError: if it is no object.
    """
    found = project_of(reply).get(name)
    if found is None:
        what = f"its {name} are not told: hidden from this token, or switched off there"
        raise _failure(name, reply, reply.json(), what)
    return json_object(found)


def _said(answer: Json) -> Sequence[str]:
    """What the errors of an answer say, each in a line that shows nobody's address."""
    told = answer.get("errors") if isinstance(answer, dict) else None
    found = [error for error in told if isinstance(error, dict)] if isinstance(told, list) else []
    lines = (" ".join(str(error.get("message")).split()) for error in found[:_MOST_ERRORS])
    return [without_addresses_in(redact(line))[:_LONGEST_SAID] for line in lines]


def _failure(
    question: str, reply: Reply, answer: Json, hidden: str = "there is no such project"
) -> HttpError:
    where = f"{reply.where} ({question})"
    errors = _said(answer)
    if not errors and isinstance(answer, dict) and isinstance(answer.get("data"), dict):
        fix = "check that the token may see it: GitLab hides so"
        return NotFound(hidden, where, fix, reply.status, reply.headers)
    said = errors[0] if errors else "neither data nor errors"
    if _HEAVY.search(said):
        return TooHeavy(said, where, _UNWELL, reply.status)
    if _REFUSED.search(said):
        fix = "give the token the scope `read_api` and its account the right to read this"
        return Forbidden(said, where, fix, reply.status, reply.headers)
    if _UNKNOWN.search(said):
        fix = "GitLab 17.0 or newer is needed"
        return UnexpectedReply(said, where, fix, reply.status, reply.headers)
    return Unavailable(said, where, _UNWELL, reply.status)


class Sized:
    """How many things are asked for at once: fewer where GitLab finds a question too heavy."""

    def __init__(self, size: int) -> None:
        self.size = size

    def ask(self, question: Callable[[int], Reply]) -> Reply:
        """Asks for as many as fit.

        Raises:
            HttpError: if there is no answer, however few are asked for.
        """
        while True:
            try:
                return question(self.size)
            except TooHeavy:
                if self.size == 1:
                    raise
                self.size = max(1, self.size // 2)
                _LOG.debug("pages of %d from now on", self.size)


def after(listed: Json, asked: str | None = None) -> str | None:
    """Where a list inside an answer goes on; null after its last item, or where there is none.

    Args:
        listed: the list.
        asked: where the page began.

    Raises:
        LookupError: if it does not tell whether it goes on.
        ValueError: if it goes on, but nowhere else.
    """
    if listed is None or not listed["pageInfo"]["hasNextPage"]:
        return None
    cursor = listed["pageInfo"]["endCursor"]
    if not isinstance(cursor, str) or cursor in ("", asked):
        raise ValueError("a list goes on where it began, or nowhere")
    return cursor


def nodes(listed: Json) -> Sequence[Json]:
    """The items of a list inside an answer, without those GitLab could not tell.

    Raises:
        TypeError: if it is no list.
    """
    found = [] if listed is None else json_object(listed)["nodes"]
    if not isinstance(found, list):
        raise TypeError(f"{json.dumps(found)[:60]} where a list should be")
    return [node for node in found if node]


def json_object(value: Json) -> Mapping[str, Json]:
    """The value, if it is an object.

    Raises:
        TypeError: if it is none.
    """
    if not isinstance(value, dict):
        raise TypeError(f"{json.dumps(value)[:60]} where an object should be")
    return value

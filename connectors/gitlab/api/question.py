"""Asks GitLab's GraphQL API: one of the questions beside this file, and what may go wrong."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from connectors.http.api import Api
from connectors.http.errors import Forbidden, HttpError, NotFound, Unavailable, UnexpectedReply
from connectors.http.reply import Reply
from connectors.interface import Json

_LOG = logging.getLogger(__name__)
_ADDRESS = "graphql"
_HEAVY = re.compile(r"(?i)exceeds max complexity|timed? ?out|less complex query")
_REFUSED = re.compile(r"(?i)don't have permission|not authorized|insufficient_scope|forbidden")
_UNKNOWN = re.compile(r"(?i)doesn't (?:exist on type|accept argument)|isn't a (?:defined|valid)")
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
    return reply


def project_of(reply: Reply) -> Mapping[str, Json]:
    """The project of an answer."""
    return json_object(reply.json()["data"]["project"])


def _failure(question: str, reply: Reply, answer: Json) -> HttpError:
    where = f"{reply.where} ({question})"
    told = answer.get("errors") if isinstance(answer, dict) else None
    errors = [error for error in told or () if isinstance(error, dict)]
    if not errors and isinstance(answer, dict) and "data" in answer:
        what, fix = "there is no such project", "check that the token may see it: GitLab hides so"
        return NotFound(what, where, fix, reply.status, reply.headers)
    said = " ".join(str(error.get("message")) for error in errors[:1]) or "neither data nor errors"
    said = " ".join(said.split())[:200]
    if _HEAVY.search(said):
        return TooHeavy(said, where, "sync again; if it stays, GitLab may be unwell", reply.status)
    if _REFUSED.search(said):
        fix = "give the token the scope `read_api` and its account the right to read this"
        return Forbidden(said, where, fix, reply.status, reply.headers)
    if _UNKNOWN.search(said):
        fix = "GitLab 17.0 or newer is needed"
        return UnexpectedReply(said, where, fix, reply.status, reply.headers)
    return Unavailable(said, where, "sync again; if it stays, GitLab may be unwell", reply.status)


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


def after(listed: Json) -> str | None:
    """Where a list inside an answer goes on; null after its last item."""
    page = (listed or {}).get("pageInfo") or {}
    return page.get("endCursor") if page.get("hasNextPage") else None


def nodes(listed: Json) -> Sequence[Json]:
    """The items of a list inside an answer, without those GitLab could not tell."""
    return [node for node in (listed or {}).get("nodes") or [] if node]


def json_object(value: Json) -> Mapping[str, Json]:
    """The value, if it is an object.

    Raises:
        TypeError: if it is none.
    """
    if not isinstance(value, dict):
        raise TypeError(f"{json.dumps(value)[:60]} where an object should be")
    return value

"""Asks GitHub's GraphQL API: one of the questions beside this file, and what may go wrong."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from connectors.http.api import Api
from connectors.http.errors import Forbidden, HttpError, NotFound, Unavailable
from connectors.http.reply import Reply
from connectors.interface import Json

_LOG = logging.getLogger(__name__)
_ADDRESS = "graphql"
_KINDS: Mapping[str, tuple[type[HttpError], str]] = {
    "NOT_FOUND": (NotFound, "check the name, and that the token may see it: GitHub hides so"),
    "FORBIDDEN": (Forbidden, "give the token the right to read this"),
    "INSUFFICIENT_SCOPES": (Forbidden, "give the token the scopes that the message names"),
    "SAML": (Forbidden, "authorise the token for single sign-on in its settings"),
}
_HEAVY_STATUS = frozenset({502, 504})


@cache
def text_of(question: str) -> str:
    """The text of a question, as GitHub is sent it."""
    return (files(__package__) / "questions" / f"{question}.graphql").read_text(encoding="utf-8")


def ask(api: Api, question: str, variables: Mapping[str, Json]) -> Reply:
    """Asks a question about a repository.

    An answer that has the repository but lacks parts of it is given back: its `errors` say what
    is missing, and belong into the page.

    Raises:
        HttpError: if there is no answer about the repository.
    """
    reply = api.post(_ADDRESS, {"query": text_of(question), "variables": dict(variables)})
    answer = reply.json()
    data = answer.get("data") if isinstance(answer, dict) else None
    if not (isinstance(data, dict) and data.get("repository")):
        raise _failure(question, reply, answer)
    return reply


def _failure(question: str, reply: Reply, answer: Json) -> HttpError:
    where = f"{reply.where} ({question})"
    errors = errors_of(answer)
    for error in errors:
        kind = error.get("type") or (error.get("extensions") or {}).get("code") or ""
        said = _said(error)
        if "SAML" in said:
            kind = "SAML"
        if kind in _KINDS:
            refusal, fix = _KINDS[kind]
            return refusal(said, where, fix, reply.status, reply.headers)
    said = _said(errors[0]) if errors else "the answer has neither data nor errors"
    # GitHub gives up on a question after ten seconds, in one of several ways.
    return Unavailable(said, where, "sync again; if it stays, GitHub may be unwell", 502)


def errors_of(answer: Json) -> Sequence[Mapping[str, Json]]:
    """The errors an answer tells beside its data."""
    told = answer.get("errors") if isinstance(answer, dict) else None
    return [error for error in told or () if isinstance(error, dict)]


def _said(error: Mapping[str, Json]) -> str:
    return " ".join(str(error.get("message") or "no reason told").split())[:200]


class PagedQuestion:
    """A question that is asked page by page, with smaller pages where GitHub finds them heavy."""

    def __init__(self, api: Api, question: str, size: int) -> None:
        self._api = api
        self._question = question
        self._largest = size
        self._size = size

    def ask(self, variables: Mapping[str, Json], after: str | None) -> Reply:
        """Asks for the page after a cursor.

        Raises:
            HttpError: if there is no answer, however small the page.
        """
        while True:
            try:
                reply = ask(
                    self._api, self._question, {**variables, "first": self._size, "after": after}
                )
            except Unavailable as error:
                if error.status not in _HEAVY_STATUS or self._size == 1:
                    raise
                self._size = max(1, self._size // 2)
                _LOG.debug("%s: pages of %d from now on", self._question, self._size)
            else:
                self._size = min(self._largest, self._size + 1)
                return reply


def connection(answer: Json, *path: str) -> Mapping[str, Json]:
    """The connection at a path below the repository of an answer."""
    found = answer["data"]["repository"]
    for name in path:
        found = found[name]
    return json_object(found)


def json_object(value: Json) -> Mapping[str, Json]:
    """The value, if it is an object.

    Raises:
        TypeError: if it is none.
    """
    if not isinstance(value, dict):
        raise TypeError(f"{json.dumps(value)[:60]} where an object should be")
    return value

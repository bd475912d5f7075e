"""Asks GitHub's GraphQL API: one of the questions beside this file, and what may go wrong."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from connectors.answers.private import without_addresses_in
from connectors.credential import redact
from connectors.hosting.newest_first import PlaceLost
from connectors.http.api import Api
from connectors.http.errors import Forbidden, HttpError, NotFound, Unavailable
from connectors.http.reply import Reply
from connectors.interface import Json
from data.model import GapReason

_LOG = logging.getLogger(__name__)
_ADDRESS = "graphql"
_KINDS: Mapping[str, tuple[type[HttpError], str]] = {
    "NOT_FOUND": (NotFound, "check the name, and that the token may see it: GitHub hides so"),
    "FORBIDDEN": (Forbidden, "give the token the right to read this"),
    "INSUFFICIENT_SCOPES": (Forbidden, "give the token the scopes that the message names"),
    "SAML": (Forbidden, "authorise the token for single sign-on in its settings"),
    "INVALID_CURSOR_ARGUMENTS": (PlaceLost, "nothing: the list is read again from its top"),
}
_ABOUT = ("repository", "organization")
"""What a question is about: the first thing in its answer."""
_HEAVY_STATUS = frozenset({502, 504})
_HEAVY_TYPES = frozenset({"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED", "TIMEOUT"})
_HEAVY_WORDS = "Something went wrong"
"""What GitHub says when it gives up on a question after ten seconds."""


@cache
def text_of(question: str) -> str:
    """The text of a question, as GitHub is sent it."""
    return (files(__package__) / "questions" / f"{question}.graphql").read_text(encoding="utf-8")


def ask(api: Api, question: str, variables: Mapping[str, Json], needs: str = "") -> Reply:
    """Asks a question about a repository or an organisation.

    An answer that has what was asked for but lacks parts of it is given back: its `errors` say
    what is missing, and belong into the page.

    Args:
        api: whom to ask.
        question: name of the question.
        variables: those of the question.
        needs: the right it takes, for whoever lacks it.

    Raises:
        HttpError: if there is no answer about it, or none to what was asked of it.
    """
    reply = api.post(_ADDRESS, {"query": text_of(question), "variables": dict(variables)})
    answer = reply.json()
    data = answer.get("data") if isinstance(answer, dict) else None
    is_told = isinstance(data, dict) and any(isinstance(data.get(name), dict) for name in _ABOUT)
    if not is_told or any(_is_about_all(error) for error in errors_of(answer)):
        raise failure(question, reply, needs)
    return reply


def failure(question: str, reply: Reply, needs: str = "") -> HttpError:
    """The error that an answer without what was asked for stands for."""
    where = f"{reply.where} ({question})"
    errors = errors_of(reply.json())
    for error in errors:
        kind = _kind(error)
        if kind in _KINDS:
            refusal, fix = _KINDS[kind]
            if needs and kind == "FORBIDDEN":
                fix = f"give the token the right {needs}"
            return refusal(_said(error), where, fix, reply.status, reply.headers)
    said = _said(errors[0]) if errors else "the answer has neither data nor errors"
    return Unavailable(said, where, "sync again; if it stays, GitHub may be unwell", 502)


def errors_of(answer: Json) -> Sequence[Mapping[str, Json]]:
    """The errors an answer tells beside its data."""
    told = answer.get("errors") if isinstance(answer, dict) else None
    return [error for error in told if isinstance(error, dict)] if isinstance(told, list) else []


def lacks(answer: Json) -> Mapping[str, tuple[GapReason, str]]:
    """What an answer lacks that was asked for: by its path, why, and what GitHub says of it.

    The same part of many things, such as the checks of each pull request, is told once.
    """
    found = {}
    for error in errors_of(answer):
        names = [name for name in _path(error) if isinstance(name, str)]
        is_refused = issubclass(_KINDS.get(_kind(error), (HttpError, ""))[0], Forbidden)
        reason = GapReason.NO_PERMISSION if is_refused else GapReason.UNREADABLE
        found[".".join(names[1:] or names)] = (reason, _said(error))
    return found


def _kind(error: Mapping[str, Json]) -> str:
    if "SAML" in _said(error):
        return "SAML"
    beside = error.get("extensions")
    code = beside.get("code") if isinstance(beside, dict) else None
    return str(error.get("type") or code or "")


def _path(error: Mapping[str, Json]) -> Sequence[Json]:
    path = error.get("path")
    return path if isinstance(path, list) else ()


def _is_about_all(error: Mapping[str, Json]) -> bool:
    """Whether it says that there is no answer at all, not that a part is missing."""
    path = _path(error)
    return bool(path) and path[0] in _ABOUT and len(path) <= len(("repository", "what of it"))


def _is_heavy(answer: Json) -> bool:
    """Whether parts are missing because it was too much at once."""
    return any(
        _kind(error) in _HEAVY_TYPES or _said(error).startswith(_HEAVY_WORDS)
        for error in errors_of(answer)
    )


def _said(error: Mapping[str, Json]) -> str:
    words = " ".join(str(error.get("message") or "no reason told").split())
    return without_addresses_in(redact(words))[:200]


class PagedQuestion:
    """A question that is asked page by page, with smaller pages where GitHub finds them heavy."""

    def __init__(self, api: Api, question: str, size: int, needs: str = "") -> None:
        self.name = question
        self._api = api
        self._largest = size
        self._size = size
        self._needs = needs

    def ask(self, variables: Mapping[str, Json], after: str | None) -> Reply:
        """Asks for the page after a cursor.

        Raises:
            HttpError: if there is no answer, however small the page.
        """
        while True:
            told = {**variables, "first": self._size, "after": after}
            try:
                reply = ask(self._api, self.name, told, self._needs)
            except Unavailable as error:
                if error.status not in _HEAVY_STATUS or self._size == 1:
                    raise
            else:
                if self._size == 1 or not _is_heavy(reply.json()):
                    self._size = min(self._largest, self._size + 1)
                    return reply
            # What was too heavy once is not tried again: GitHub takes ten seconds to say so.
            self._largest = max(1, self._size - 1)
            self._size = max(1, self._size // 2)
            _LOG.debug("%s: pages of %d from now on", self.name, self._size)


def connection(answer: Json, *path: str) -> Mapping[str, Json]:
    """The connection at a path below the repository or organisation of an answer."""
    data = answer["data"]
    found = data["organization"] if "organization" in data else data["repository"]
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

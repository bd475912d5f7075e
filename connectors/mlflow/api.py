"""How an MLflow server is asked: two ways to page, and answers without mail addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from connectors.answers.private import without_private
from connectors.http.adapter import Usage
from connectors.http.api import Params
from connectors.http.paging import Ask, Page, PagedList, by_cursor
from connectors.http.reply import Reply, Validators
from connectors.http.session import Http
from connectors.interface import Json

_ROOT = "api/2.0/mlflow/"


@dataclass(frozen=True, slots=True)
class Server:
    """An MLflow server, or what speaks like one."""

    http: Http
    web_url: str | None = None

    @property
    def pages(self) -> str | None:
        """Address of its pages, without a slash at its end; null where links are not known."""
        return self.web_url or (None if self.is_gitlab else self.address)

    @property
    def address(self) -> str:
        """Where it is, without a slash at its end."""
        return self.http.base_url.rstrip("/")

    @property
    def is_gitlab(self) -> bool:
        """Whether it is GitLab that speaks like one, which knows a part of the questions."""
        return "/api/v4/projects/" in f"{self.address}/"

    def version(self) -> str:
        """Its version, such as `3.17.2`.

        Raises:
            HttpError: if it does not tell it.
        """
        return self.http.get("version").body.decode(errors="replace").strip()

    def get(self, path: str, params: Mapping[str, Json]) -> Json:
        """One answer.

        Raises:
            HttpError: if there is none.
        """
        return _hidden(self.http.get(_ROOT + path, params)).json()

    def listed(self, path: str, params: Mapping[str, Json], of: str, key: Key) -> Iterator[Page]:
        """The pages of a list that is asked for by address, once, however it shifts.

        What is new comes before a page repeats what is known; what is skipped as something was
        deleted would be skipped without a sign, and is asked for by name.

        Raises:
            HttpError: if one cannot be had.
        """
        listed = replace(_list(path, params, of, key), is_read_once=True)
        return listed.pages(_Hiding(self.http))

    def searched(
        self,
        path: str,
        body: Mapping[str, Json],
        of: str,
        key: Key,
        bookmark: Mapping[str, Json] | None = None,
    ) -> Iterator[Page]:
        """The pages of a list that is asked for by a posted question.

        Raises:
            HttpError: if one cannot be had.
        """
        return _list(path, body, of, key).pages(_Posting(self.http), bookmark)


Key = Callable[[Json], str]


def _list(path: str, params: Mapping[str, Json], of: str, key: Key) -> PagedList:
    # A server leaves out what is empty, the list itself as well.
    return PagedList(
        Ask(_ROOT + path, params),
        by_cursor("page_token", lambda page: page.get("next_page_token")),
        items=lambda page: page.get(of, []),
        key=key,
    )


def _hidden(reply: Reply) -> Reply:
    return replace(reply, body=without_private(reply.body))


class _Hiding:
    """Asks by address."""

    def __init__(self, http: Http) -> None:
        self._http = http

    @property
    def base_url(self) -> str:
        return self._http.base_url

    @property
    def usage(self) -> Usage:
        return self._http.usage

    def get(
        self, path: str, params: Params | None = None, validators: Validators | None = None
    ) -> Reply:
        return _hidden(self._http.get(path, params, validators))

    def post(self, path: str, json: Json) -> Reply:
        return _hidden(self._http.post(path, json))


class _Posting(_Hiding):
    """Posts what a list asks for: what it names parameters is the body of the question."""

    def get(
        self,
        path: str,
        params: Params | None = None,
        validators: Validators | None = None,  # noqa: ARG002 - a posted question has none
    ) -> Reply:
        return self.post(path, dict(params or {}))

"""Asks GitHub with one credential, by PyGithub's requester."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from github import Github
from github.Auth import Auth

from connectors.github.api.limit import refuse_limit
from connectors.github.api.wire import Wire
from connectors.http.adapter import Usage
from connectors.http.address import address_below
from connectors.http.api import Params
from connectors.http.errors import Unauthorized, Unavailable
from connectors.http.reply import Reply, Validators, conditions
from connectors.http.session import Http, told
from connectors.interface import Json

QUESTIONS = "graphql"
"""What is posted here is a question to the GraphQL API."""


class GitHubClient:
    """One token's or one app's way to GitHub; the pages come as they were sent."""

    def __init__(
        self, name: str, auth: Auth | None, http: Http, clock: Callable[[], datetime]
    ) -> None:
        """Prepares the client; asks nothing.

        Args:
            name: which credential it is, such as `env:GITHUB_TOKEN`.
            auth: the credential as PyGithub knows it; null asks without one.
            http: the session that sends; its address is that of the REST API.
            clock: the time now, in UTC.
        """
        self.name = name
        self.http = http
        self._clock = clock
        self._has_auth = auth is not None
        self._wire = Wire(http)
        with self._wire.connected():
            self._requester = Github(
                auth=auth,
                base_url=http.base_url.rstrip("/"),
                user_agent="cairn-xops",
                per_page=100,
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
            ).requester

    @property
    def base_url(self) -> str:
        """Address of the REST API."""
        return self.http.base_url

    @property
    def usage(self) -> Usage:
        """What was asked so far."""
        return self.http.usage

    def get(
        self, path: str, params: Params | None = None, validators: Validators | None = None
    ) -> Reply:
        """Asks the REST API; see `Api.get`.

        GitHub names the same page otherwise for each token, and those of an app live for an hour:
        so an answer is also unchanged if it says the same.
        """
        url = address_below(self.base_url, path)
        given = {name: value for name, value in told(params).items() if value is not None}
        self._requester.requestJson("GET", url, given, conditions(validators))
        reply = self._reply()
        if reply.status == HTTPStatus.ACCEPTED:
            what = "answered 202: it is still preparing the answer"
            raise Unavailable(what, reply.where, "sync again later", reply.status, reply.headers)
        if reply.digest == (validators or {}).get("digest"):
            return replace(reply, status=HTTPStatus.NOT_MODIFIED, body=b"")
        return reply

    def post(self, path: str, json: Json) -> Reply:
        """Asks the GraphQL API, or elsewhere for something to be made; see `Api.post`."""
        if path != QUESTIONS:
            url = address_below(self.base_url, path)
            self._requester.requestJson("POST", url, input=json)
            return self._reply()
        url = self._requester.graphql_url
        if not self._has_auth:
            what = "there is no token, and GitHub answers this to nobody without one"
            raise Unauthorized(what, f"POST {url}", 'name one: token = "env:GITHUB_TOKEN"')
        self._requester.requestJson("POST", url, input=json)
        reply = self._reply()
        refuse_limit(reply, self._clock())
        return reply

    def _reply(self) -> Reply:
        assert self._wire.reply is not None  # noqa: S101 - the requester has just been answered
        return replace(self._wire.reply, by=self.name, digest=_digest(self._wire.reply))


def _digest(reply: Reply) -> str:
    """Tells an answer from another: by what it says, and by where its list goes on."""
    text = reply.headers.get("Link", "").encode() + reply.body
    return hashlib.sha256(text).hexdigest()[:16]

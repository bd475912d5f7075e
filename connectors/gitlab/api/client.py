"""Asks GitLab with one credential, by python-gitlab."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from gitlab import Gitlab
from gitlab.exceptions import GitlabError

from connectors.credential import redact
from connectors.gitlab.api.wire import Wire
from connectors.gitlab.api.withheld import without_withheld
from connectors.gitlab.settings import API_PATH, TokenKind
from connectors.http.adapter import Usage
from connectors.http.address import CHECK_URL, address_below
from connectors.http.api import Params
from connectors.http.errors import Forbidden, Unauthorized, UnexpectedReply
from connectors.http.reply import Reply, Validators, conditions
from connectors.http.session import Http, told
from connectors.interface import Json

_REMEDIES = (
    (
        "invalid_token",
        "make a new token with the scope `read_api`: to GitLab this one is expired or revoked",
    ),
    ("insufficient_scope", "give the token the scope `read_api`"),
    ("SAML", "sign in to the group by its single sign-on in a browser, then sync again"),
)
"""What helps, by a word of GitLab's."""


class GitLabClient:
    """One token's way to GitLab; the pages come as they were sent, without mail addresses."""

    def __init__(self, name: str, token: str | None, kind: TokenKind, http: Http) -> None:
        """Prepares the client; asks nothing.

        Args:
            name: which credential it is, such as `env:GITLAB_TOKEN`.
            token: the token; null asks without one.
            kind: how it is shown.
            http: the session that sends; its address is that of the REST API.
        """
        self.name = name
        self.http = http
        self._wire = Wire(http)
        self._site = http.base_url.rstrip("/").removesuffix(API_PATH)
        self._gitlab = Gitlab(
            self._site,
            user_agent="cairn-xops",
            private_token=token if kind is TokenKind.PRIVATE else None,
            oauth_token=token if kind is TokenKind.OAUTH else None,
            job_token=token if kind is TokenKind.JOB else None,
            session=self._wire,
        )

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
        """Asks the REST API; see `Api.get`."""
        url = address_below(self.base_url, path)
        given = {name: value for name, value in told(params).items() if value is not None}
        self._ask("get", url, query_data=given, extra_headers=conditions(validators))
        return self._reply()

    def post(self, path: str, json: Json) -> Reply:  # noqa: ARG002 - there is one such address
        """Asks the GraphQL API; see `Api.post`."""
        self._ask("post", f"{self._site}/api/graphql", post_data=json)
        return self._reply()

    def _ask(self, verb: str, url: str, **asked: Json) -> None:
        try:
            self._gitlab.http_request(verb, url, **asked)
        except (Unauthorized, Forbidden) as refused:
            raise _with_remedy(refused) from None
        except GitlabError as error:
            if error.response_code != HTTPStatus.NOT_MODIFIED:
                what = f"answered {error.response_code}, which is neither an answer nor a refusal"
                where = redact(f"{verb.upper()} {url}")
                raise UnexpectedReply(what, where, CHECK_URL, error.response_code) from None

    def _reply(self) -> Reply:
        reply = self._wire.reply
        assert reply is not None  # noqa: S101 - python-gitlab has just been answered
        return replace(reply, by=self.name, body=without_withheld(reply.body))


def _with_remedy(refused: Unauthorized | Forbidden) -> Unauthorized | Forbidden:
    """A refusal that says what helps, where GitLab says what is wrong."""
    fix = next((fix for word, fix in _REMEDIES if word in refused.what), refused.fix)
    return type(refused)(refused.what, refused.where, fix, refused.status, refused.headers)

"""One HTTP session for all API sources: questions in, checked answers or told errors out.

It writes no archive: `Reply.body` is what belongs into `Batch.payload`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

import requests
from requests import Request, Response
from requests.auth import AuthBase
from requests.structures import CaseInsensitiveDict

from connectors.credential import HIDDEN, Anonymous, Credential, redact, token_words
from connectors.http.adapter import PoliteAdapter, Usage
from connectors.http.address import CHECK_URL, address_below, base_address, joined
from connectors.http.api import Params
from connectors.http.body import Bounds, place
from connectors.http.budget import RateBudget
from connectors.http.errors import UnexpectedReply
from connectors.http.failure import failure_of_answer, failure_of_transport
from connectors.http.reply import Reply, Validators, conditions
from connectors.http.retry import RetryRule, Timing
from connectors.interface import Json

__all__ = ["Http", "Params", "Reply", "Validators"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_SHORTEST_HIDDEN = 8


class Http:
    """Asks one API with one credential; all its streams share session and budget."""

    def __init__(
        self,
        base_url: str,
        timing: Timing,
        credential: Credential | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        budget: RateBudget | None = None,
        rule: RetryRule = RetryRule(),
        bounds: Bounds = Bounds(),
    ) -> None:
        """Prepares a session; asks nothing.

        Args:
            base_url: address of the API, such as `https://git.example.com/api/v4`.
            timing: clock, sleep and chance.
            credential: where the token is; null asks without one.
            headers: sent with every question, such as Accept or an API version.
            budget: to share with another session of the same credential.
            rule: how often and how long to try.
            bounds: what one answer may cost.

        Raises:
            ConnectorError: if the address is none or carries a secret.
        """
        self.base_url = base_address(base_url)
        self.budget = budget or RateBudget()
        self._credential = credential
        self._adapter = PoliteAdapter(timing, self.budget, rule, bounds)
        self._session = _Session()
        self._session.mount("https://", self._adapter)
        self._session.mount("http://", self._adapter)
        self._session.headers.update(
            {"Accept": "application/json", "User-Agent": "cairn-xops", **(headers or {})}
        )
        self._timing = timing
        _HIDE_SECRETS.install()

    def __repr__(self) -> str:
        return f"Http({self.base_url!r})"

    @property
    def usage(self) -> Usage:
        """What was asked so far."""
        return self._adapter.usage

    def get(
        self, path: str, params: Params | None = None, validators: Validators | None = None
    ) -> Reply:
        """Asks for a page, or with validators whether it changed.

        Args:
            path: below the base address, or an address of the same host from an earlier answer.
            params: query parameters; null ones are left out, true is sent as `true`.
            validators: those of an earlier answer to the same question.

        Raises:
            HttpError: if there is no usable answer.
            CredentialError: if the token is not where it is named to be.
        """
        url = address_below(self.base_url, path)
        request = Request("GET", url, conditions(validators), params=told(params))
        return self.send(request, self._credential)

    def post(self, path: str, json: Json) -> Reply:
        """Asks a question that is too long for an address. Retried like one: it changes nothing.

        Raises:
            HttpError: if there is no usable answer.
            CredentialError: if the token is not where it is named to be.
        """
        request = Request("POST", address_below(self.base_url, path), json=json)
        return self.send(request, self._credential)

    def close(self) -> None:
        """Closes the connections; a later question opens new ones."""
        self._session.close()

    def send(self, request: Request, credential: AuthBase | None = None) -> Reply:
        """Sends a request that a client library made, which has put its token into the headers.

        Raises:
            HttpError: if there is no usable answer.
        """
        request.auth = credential or Anonymous()
        for _ in range(_MOST_REDIRECTS):
            response = self._send(request)
            if response.status_code not in _REDIRECTS:
                return self._reply(response)
            self._redirect(request, response)
        raise UnexpectedReply("the answer is a circle of redirects", self.base_url, CHECK_URL)

    def _send(self, request: Request) -> Response:
        where = redact(f"{request.method} {request.url}")
        try:
            prepared = self._session.prepare_request(request)
            where = place(prepared)
            settings = self._session.merge_environment_settings(prepared.url, {}, True, None, None)
            return self._session.send(
                prepared,
                verify=settings["verify"] or True,
                proxies=settings["proxies"],
            )
        except requests.RequestException as error:
            # Not chained: the cause prints the request's address as it was sent.
            raise failure_of_transport(error, where) from None

    def _redirect(self, request: Request, response: Response) -> None:
        if request.method != "GET" and response.status_code not in (307, 308):
            what = "the source redirects a question"
            raise UnexpectedReply(what, place(response.request), CHECK_URL)
        target = joined(response.url, response.headers.get("Location", ""))
        request.url, request.params = address_below(self.base_url, target), {}

    def _reply(self, response: Response) -> Reply:
        hidden = [*(self._credential.hidden_words() if self._credential else ())]
        hidden += token_words(response.request)
        if response.status_code >= 400:
            now = self._timing.clock()
            raise failure_of_answer(response, place(response.request), hidden, now)
        body = response.content
        for word in hidden:
            if len(word) >= _SHORTEST_HIDDEN:
                body = body.replace(word.encode(), HIDDEN.encode())
        return Reply(
            where=place(response.request),
            url=response.url,
            status=response.status_code,
            headers=CaseInsensitiveDict(response.headers),
            body=body,
        )


class _Session(requests.Session):
    """A session that follows no redirect by itself: who may see the token is judged here."""

    def get_redirect_target(self, resp: Response) -> str | None:  # noqa: ARG002 - none is followed
        return None


def told(params: Params | None) -> dict[str, object]:
    """Returns query parameters as they are sent."""
    given = (params or {}).items()
    return {name: str(v).lower() if isinstance(v, bool) else v for name, v in given}


class _HideSecrets(logging.Filter):
    """Hides secrets in what the library below logs of addresses."""

    def install(self) -> None:
        logging.getLogger("urllib3.connectionpool").addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


_HIDE_SECRETS = _HideSecrets()

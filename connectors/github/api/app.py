"""A GitHub App as a way in: signed with its key, and with a token of an hour that is renewed.

PyGithub would go by the clock of this machine. GitHub goes by its own, and refuses an app whose
clock is ten minutes ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from github.Auth import AppAuth, Auth
from jwt import PyJWTError

from connectors.answers.moment import moment
from connectors.credential import CredentialError
from connectors.http.errors import NotFound, Unauthorized, UnexpectedReply
from connectors.http.reply import Reply
from connectors.http.retry import http_date
from connectors.interface import Json

_SIGNED_FOR = timedelta(minutes=5)
_ISSUED_BEFORE = timedelta(minutes=1)
_RENEWED_BEFORE = timedelta(minutes=5)


class Api(Protocol):
    """What an app asks for its installation and its tokens."""

    def get(self, path: str) -> Reply:
        """Asks for a page."""

    def post(self, path: str, json: Json) -> Reply:
        """Asks for something to be made."""


class HostClock:
    """The time by the host's clock, as far as it told it."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The time there, in UTC."""
        return self._clock() + self._ahead

    def learn(self, headers: Mapping[str, str]) -> bool:
        """Takes over the time an answer tells; returns whether that is news."""
        told = http_date(headers.get("Date", ""))
        if told is None or abs(told - self.now()) < _ISSUED_BEFORE / 2:
            return False
        self._ahead = told - self._clock()
        return True


def app_auth(app_id: int, key: str, reference: str, clock: HostClock) -> AppAuth:
    """Shows a signature of the app, which is good for some minutes.

    Args:
        app_id: its number.
        key: its private key, as GitHub gave it.
        reference: where the key is kept, for messages.
        clock: the time at GitHub.
    """
    sign = AppAuth.create_jwt_sign(key, "RS256")

    def signed(claims: dict[str, Json]) -> str | bytes:
        now = clock.now()
        times = {"iat": now - _ISSUED_BEFORE, "exp": now + _SIGNED_FOR}
        seconds = {name: int(at.timestamp()) for name, at in times.items()}
        try:
            return sign({**claims, **seconds})
        except (PyJWTError, ValueError, TypeError):
            what = "the private key of the app is none that can be read"
            fix = "store the .pem file there as GitHub gave it"
            raise CredentialError(what, reference, fix) from None

    return AppAuth(app_id, sign_func=signed)


@dataclass(slots=True)
class Lent:
    """A token for some time."""

    text: str
    until: datetime
    """By the host's clock."""


class InstallationAuth(Auth):
    """Shows the token of an app's installation; asks for another before it ends."""

    def __init__(
        self, api: Api, organisation: str, installation: int | None, clock: HostClock
    ) -> None:
        """Prepares; asks nothing.

        Args:
            api: asks as the app itself.
            organisation: organisation or account in which it is installed.
            installation: number of the installation; null finds that of the organisation.
            clock: the time at GitHub.
        """
        self._api = api
        self._organisation = organisation
        self._installation = installation
        self._clock = clock
        self._lent: Lent | None = None

    @property
    def token_type(self) -> str:
        """Word before the token."""
        return "token"

    @property
    def token(self) -> str:
        """The token as it is now.

        Raises:
            HttpError: if GitHub lends none.
        """
        if self._lent is None or self._clock.now() >= self._lent.until - _RENEWED_BEFORE:
            self._lent = self._on_time(self._borrowed)
        return self._lent.text

    def _on_time(self, ask: Callable[[], Lent]) -> Lent:
        """Asks again by the host's own clock, where it refuses ours."""
        try:
            return ask()
        except Unauthorized as refused:
            if not self._clock.learn(refused.headers):
                raise
        return ask()

    def _borrowed(self) -> Lent:
        if self._installation is None:
            self._installation = self._found()
        reply = self._api.post(f"app/installations/{self._installation}/access_tokens", {})
        self._clock.learn(reply.headers)
        try:
            told = reply.json()
            return Lent(str(told["token"]), moment(told["expires_at"]))
        except (LookupError, TypeError, ValueError):
            raise _not_told("a token", reply) from None

    def _found(self) -> int:
        """The installation in the organisation, or of the account."""
        try:
            reply = self._api.get(f"orgs/{self._organisation}/installation")
        except NotFound:
            reply = self._api.get(f"users/{self._organisation}/installation")
        try:
            return int(reply.json()["id"])
        except (LookupError, TypeError, ValueError):
            raise _not_told("the installation", reply) from None


def _not_told(what: str, reply: Reply) -> UnexpectedReply:
    fix = "check that the address is that of GitHub's API"
    return UnexpectedReply(f"the answer does not tell {what} of the app", reply.where, fix)

"""What a registry demands of who asks: a password, or a token that another server issues.

Challenges are those of RFC 7235; tokens those of the token authentication of the reference
implementation (distribution/distribution, docs/content/spec/auth/token.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.auth import AuthBase

from connectors.credential import Credential
from connectors.http.errors import UnexpectedReply
from connectors.http.retry import Timing
from connectors.http.session import Http
from connectors.interface import SourceUnavailable

_CHALLENGE = re.compile(r"(?i)\b(bearer|basic)\s+(.*?)(?=,\s*(?:bearer|basic)\s|$)")
_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))')


class LoginRefused(SourceUnavailable):
    """The registry wants the password sent where it must not go, or to nowhere."""


@dataclass(frozen=True, slots=True)
class Bearer(AuthBase):
    """Sends a token that was issued for a few minutes."""

    token: str = field(repr=False)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sets the header."""
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def challenges(headers: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The parameters of each challenge of a refusal, by its scheme in lower case."""
    told = headers.get("WWW-Authenticate", "")
    return {scheme.lower(): _parameters(rest) for scheme, rest in _CHALLENGE.findall(told)}


def _parameters(told: str) -> dict[str, str]:
    return {name.lower(): text or word for name, text, word in _PARAMETER.findall(told)}


class Login:
    """Remembers what the registry demands, and the token of each scope."""

    def __init__(
        self, address: str, timing: Timing, credential: Credential | None, auth_host: str | None
    ) -> None:
        """Knows nothing yet.

        Args:
            address: that of the registry.
            timing: clock and sleep for the server that issues tokens.
            credential: user and password; null reads what everybody may.
            auth_host: a host other than the registry's that may be given the password.
        """
        self.issuer: Http | None = None
        self._address = urlsplit(address)
        self._timing = timing
        self._credential = credential
        self._auth_host = auth_host
        self._is_basic = False
        self._tokens: dict[str, Bearer] = {}
        self._realm: tuple[str, str] | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether there is a password and nobody knows yet how it is to be sent."""
        return self._credential is not None and not self._is_basic and self._realm is None

    def use_password(self) -> None:
        """Sends the password itself from now on."""
        self._is_basic = True

    def auth(self, scope: str) -> AuthBase | None:
        """What to send with a question of a scope; null: nothing.

        Raises:
            HttpError: if a token is needed and is not issued.
        """
        if self._realm is not None:
            if scope not in self._tokens:
                self._tokens[scope] = self._issue(*self._realm, scope)
            return self._tokens[scope]
        return self._credential if self._is_basic else None

    def learn(self, headers: Mapping[str, str], scope: str) -> bool:
        """Takes up the challenge of a refusal; whether it is worth asking again.

        Raises:
            HttpError: if a token is demanded that is not issued.
            LoginRefused: if the password would have to go where it must not.
        """
        told = challenges(headers)
        if "bearer" in told:
            realm, service = told["bearer"].get("realm", ""), told["bearer"].get("service", "")
            self._realm = (realm, service)
            self._tokens[scope] = self._issue(realm, service, told["bearer"].get("scope") or scope)
            return True
        if "basic" in told and self._credential is not None and not self._is_basic:
            self.use_password()
            return True
        return False

    def _issue(self, realm: str, service: str, scope: str) -> Bearer:
        self._check(realm)
        if self.issuer is None:
            origin = "{0.scheme}://{0.netloc}".format(urlsplit(realm))
            self.issuer = Http(origin, self._timing, self._credential)
        reply = self.issuer.get(realm, {"service": service or None, "scope": scope or None})
        told = reply.json()
        token = (told.get("token") or told.get("access_token")) if isinstance(told, dict) else None
        if not isinstance(token, str) or not (token.isascii() and token.isprintable()):
            fix = "check that the registry names the right server for tokens"
            raise UnexpectedReply("the answer has no token", reply.where, fix, reply.status)
        return Bearer(token)

    def _check(self, realm: str) -> None:
        """Refuses to send the password where nobody allowed it to go.

        Raises:
            LoginRefused: naming the setting that allows it.
        """
        parts, home = urlsplit(realm), self._address
        where = home.geturl()
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            fix = "check that it is a registry"
            raise LoginRefused("wants a token of a server that has no address", where, fix)
        allowed = {home.netloc.lower(), (self._auth_host or home.netloc).lower()}
        if home.scheme == "https" and parts.scheme == "http":
            what = f"wants the password sent to {parts.netloc} without encryption"
            raise LoginRefused(what, where, "have the registry name an https address for tokens")
        if self._credential is not None and parts.netloc.lower() not in allowed:
            what = f"wants the password sent to another host, {parts.netloc}, which issues tokens"
            raise LoginRefused(what, where, f'if that is right: auth_host = "{parts.netloc}"')

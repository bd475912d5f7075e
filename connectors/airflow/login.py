"""An account as a way in: user and password are exchanged for a token of some hours."""

from __future__ import annotations

from requests import PreparedRequest, Request
from requests.auth import AuthBase

from connectors.credential import Credential, redact
from connectors.http.errors import Forbidden, HttpError, NotFound, Refused, UnexpectedReply
from connectors.http.session import Http

_PATH = "auth/token"
_FIXES = {
    True: "no account of this server can sign in so: name a `token` instead",
    False: "check `username` and where `password` leads",
}


class Login(AuthBase):
    """Puts the token of an account into a request; knows when it must be renewed."""

    def __init__(self, http: Http, username: str, password: Credential) -> None:
        """Prepares; asks nothing.

        Args:
            http: the server's session.
            username: the account.
            password: where its password is.
        """
        self._http = http
        self._username = username
        self._password = password
        self._token: str | None = None

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sets the header.

        Raises:
            HttpError: if the server gives no token.
            CredentialError: if the password is not where it is named to be.
        """
        if self._token is None:
            self._token = self._lent()
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def forget(self, refused: Refused) -> bool:
        """Lets go of a token that the server no longer takes; false if that is not the reason.

        One that ended is answered 401, one signed with an older key 403.
        """
        is_token = not isinstance(refused, NotFound | Forbidden) or "token" in refused.what.lower()
        if is_token:
            self._token = None
        return is_token

    def _lent(self) -> str:
        password = self._password.reveal_text()
        body = {"username": self._username, "password": password}
        request = Request("POST", f"{self._http.base_url}{_PATH}", json=body)
        try:
            reply = self._http.send(request)
            return str(reply.json()["access_token"])
        except HttpError as error:
            # The server repeats what it could not understand, and not chained: the cause shows it.
            what = redact(error.what, [password])
            is_missing = isinstance(error, NotFound)
            fix = _FIXES[is_missing] if isinstance(error, Refused) else error.fix
            raise type(error)(what, error.where, fix, error.status) from None
        except (LookupError, TypeError):
            what = "the server gave no token for the account"
            raise UnexpectedReply(what, reply.where, _FIXES[False], reply.status) from None

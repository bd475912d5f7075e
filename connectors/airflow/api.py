"""How an Airflow is asked: signed in, with a token that is renewed, and of the right version."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from requests import Request

from connectors.airflow.description import Description
from connectors.airflow.login import Login
from connectors.airflow.settings import Settings
from connectors.credential import Credential
from connectors.http.adapter import Usage
from connectors.http.address import address_below
from connectors.http.api import Params
from connectors.http.errors import HttpError, NotFound, Refused, UnexpectedReply
from connectors.http.reply import Reply, Validators, conditions
from connectors.http.retry import Timing
from connectors.http.session import Http, told
from connectors.interface import Context, Json

MAJOR = "3"
API = "api/v2"
_FIX_VERSION = "Cairn reads Airflow 3: take this source out, or upgrade the server"


class AirflowApi:
    """Asks one server; itself an `Api`."""

    def __init__(self, settings: Settings, context: Context) -> None:
        self._http = Http(settings.url, Timing(context.clock, context.sleep))
        self._way = self._way_in(settings, context)

    @property
    def base_url(self) -> str:
        """Address of the server's pages, with a slash at its end."""
        return self._http.base_url

    @property
    def usage(self) -> Usage:
        """What was asked so far."""
        return self._http.usage

    def get(
        self, path: str, params: Params | None = None, validators: Validators | None = None
    ) -> Reply:
        """Asks for a page; see `Api.get`."""
        url, headers = address_below(self.base_url, path), conditions(validators)
        return self._asked(lambda: Request("GET", url, headers, params=told(params)))

    def post(self, path: str, json: Json) -> Reply:
        """Asks a question that is too long for an address; see `Api.post`."""
        url = address_below(self.base_url, path)
        return self._asked(lambda: Request("POST", url, json=json))

    def require_version(self) -> str:
        """Returns the server's version.

        Raises:
            HttpError: if it is none that is read, or no Airflow.
        """
        try:
            reply = self._open(f"{API}/version")
        except NotFound as missing:
            raise self._another(missing) from None
        version = _version(reply)
        if version is None:
            what = "the server tells no version: it is no Airflow"
            raise UnexpectedReply(what, reply.where, "check the `url` of the source")
        if version.partition(".")[0] != MAJOR:
            raise _unsupported(version, reply)
        return version

    @cached_property
    def description(self) -> Description:
        """What the server says of itself; asked for once.

        Raises:
            HttpError: if there is no usable answer.
        """
        try:
            return Description(self._open("openapi.json").json())
        except Refused:
            # Some put a gate before it: then what comes back is looked at alone.
            return Description(None)

    def _open(self, path: str) -> Reply:
        """Asks for what is told to everybody: an account need not sign in for it, or cannot yet."""
        way = None if isinstance(self._way, Login) else self._way
        return self._http.send(Request("GET", address_below(self.base_url, path)), way)

    def _asked(self, make: Callable[[], Request]) -> Reply:
        try:
            return self._http.send(make(), self._way)
        except Refused as refused:
            if not isinstance(self._way, Login) or not self._way.forget(refused):
                raise
        return self._http.send(make(), self._way)

    def _way_in(self, settings: Settings, context: Context) -> Credential | Login:
        if settings.token is not None:
            return Credential(settings.token, context.folder)
        password = Credential(str(settings.password), context.folder)
        return Login(self._http, str(settings.username), password)

    def _another(self, missing: NotFound) -> HttpError:
        """What stands there in place of Airflow 3."""
        try:
            reply = self._open("api/v1/version")
            version = _version(reply)
        except HttpError:
            version = None
        if version is not None:
            return _unsupported(version, reply)
        what = f"there is no Airflow 3: {missing.what}"
        return UnexpectedReply(what, missing.where, "check the `url` of the source", missing.status)


def _version(reply: Reply) -> str | None:
    told = reply.json()
    version = told.get("version") if isinstance(told, dict) else None
    return version if isinstance(version, str) else None


def _unsupported(version: str, reply: Reply) -> HttpError:
    return UnexpectedReply(f"is Airflow {version[:40]}", reply.where, _FIX_VERSION, reply.status)

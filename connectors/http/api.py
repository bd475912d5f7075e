"""What a connector asks an API through, whoever builds the questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from connectors.http.adapter import Usage
from connectors.http.reply import Reply, Validators
from connectors.interface import Json

Params = Mapping[str, str | int | float | bool | Iterable[str] | None]
"""Query parameters; null ones are left out, true is sent as `true`."""


class Api(Protocol):
    """Asks one API: the house's own session, or a client library that goes through it."""

    @property
    def base_url(self) -> str:
        """Address of the API, with a slash at its end."""

    @property
    def usage(self) -> Usage:
        """What was asked so far."""

    def get(
        self, path: str, params: Params | None = None, validators: Validators | None = None
    ) -> Reply:
        """Asks for a page, or with validators whether it changed.

        Raises:
            HttpError: if there is no usable answer.
        """

    def post(self, path: str, json: Json) -> Reply:
        """Asks a question that is too long for an address.

        Raises:
            HttpError: if there is no usable answer.
        """

"""A token that is named, never written down, and the words that are never shown."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from requests import PreparedRequest
from requests.auth import AuthBase

from connectors.interface import ConnectorError

HIDDEN = "[hidden]"

_SECRETS = (
    # Names of query parameters and headers that carry a secret somewhere in the field.
    (
        re.compile(
            r"(?i)((?:access_|private_|job_|api_?)?(?:token|key)|password|client_secret|secret"
            r"|sig|signature|x-amz-[a-z-]+)(=)[^&\s\"'<>]+"
        ),
        rf"\1\2{HIDDEN}",
    ),
    (
        re.compile(
            r"(?i)((?:proxy-)?authorization|private-token|job-token|x-[a-z-]*(?:token|key))"
            r"([\"']?\s*[:=]\s*[\"']?)(?:(?:bearer|basic|token)\s+)?[^\s\"',;]+"
        ),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)(\s+)[\w.~+/=-]{8,}"), rf"\1\2{HIDDEN}"),
    (re.compile(r"()(://)[^/\s@]+(?=@)"), rf"\1\2{HIDDEN}"),
    # Token prefixes as their hosts publish them, and JSON web tokens.
    (
        re.compile(
            r"()()\b(?:gh[opsur]_\w{16,}|github_pat_\w{20,}|gl[a-z]{2,6}-[\w-]{16,}"
            r"|xox[a-z]-[\w-]{10,}|eyJ[\w-]+\.[\w-]+\.[\w-]*)"
        ),
        HIDDEN,
    ),
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Returns `text` with the given secrets, and everything that looks like one, hidden."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class CredentialError(ConnectorError):
    """The place a token is named to be in does not hold one."""


def _reference(text: str) -> str:
    if not re.fullmatch(r"(env:[A-Za-z_]\w*|file:.+)", text):
        raise PydanticCustomError(
            "secret_reference", "must be env:NAME or file:PATH, never the secret itself"
        )
    return text


SecretReference = Annotated[
    str,
    AfterValidator(_reference),
    Field(json_schema_extra={"pattern": r"^(env:[A-Za-z_]\w*|file:.+)$"}),
]
"""Type of a setting that names a secret. Its model should set `hide_input_in_errors`."""


@dataclass(frozen=True, slots=True)
class Credential(AuthBase):
    """Puts the token a reference names into a request, at the moment it is sent."""

    reference: str
    """`env:NAME` or `file:PATH`; the file holds the token and nothing else."""
    folder: Path
    """Where a relative PATH starts."""
    header: str = "Authorization"
    scheme: str = "Bearer"
    """Word before the token; empty for headers such as PRIVATE-TOKEN."""
    user: str | None = None
    """With a user the pair is sent as HTTP basic authentication (RFC 7617)."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sets the header.

        Raises:
            CredentialError: if the reference leads nowhere.
        """
        request.headers[self.header] = self._header_value(self.reveal())
        return request

    def reveal(self) -> str:
        """Returns the token as it is now.

        Raises:
            CredentialError: if it is missing, empty or not one line of printable ASCII.
        """
        token = self.reveal_text()
        # A line break in a header value would come back in an error message, with the token.
        if not (token.isascii() and token.isprintable()):
            raise CredentialError(
                "the token has characters that no token has",
                self.reference,
                "store the token alone, on one line",
            )
        return token

    def reveal_text(self) -> str:
        """Returns what is there as it is now, such as a key of several lines.

        Raises:
            CredentialError: if it is missing or empty.
        """
        kind, _, name = self.reference.partition(":")
        text = self._from_file(name) if kind == "file" else os.environ.get(name)
        if text is None or not text.strip():
            raise CredentialError(
                "there is no token", self.reference, "set it there, or name another place"
            )
        return text.strip()

    def hidden_words(self) -> tuple[str, ...]:
        """Returns all that must not be shown, in the forms it is sent in; empty without a token."""
        try:
            token = self.reveal()
        except CredentialError:
            return ()
        return (token, self._header_value(token).removeprefix("Basic "))

    def _header_value(self, token: str) -> str:
        if self.user is not None:
            return "Basic " + base64.b64encode(f"{self.user}:{token}".encode()).decode()
        return f"{self.scheme} {token}".strip()

    def _from_file(self, name: str) -> str | None:
        try:
            return (self.folder / Path(name).expanduser()).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None


_TOKEN_HEADERS = ("Authorization", "PRIVATE-TOKEN", "JOB-TOKEN")


def token_words(request: PreparedRequest) -> list[str]:
    """Returns the secrets that a request carries in its headers, whoever put them there."""
    sent = (str(request.headers.get(name) or "") for name in _TOKEN_HEADERS)
    return [words[-1] for words in map(str.split, sent) if words]


class Anonymous(AuthBase):
    """Sends no token, also where a `.netrc` names one that nobody configured here."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Leaves the request as it is."""
        return request

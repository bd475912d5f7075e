"""A complete answer of a source, and what to ask with next time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus

import requests

from connectors.http.address import joined
from connectors.http.errors import UnexpectedReply
from connectors.interface import Json

Validators = Mapping[str, str]
"""What the source gave to ask next time whether a page changed. Belongs into the cursor."""

_CONDITIONS = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}


def conditions(validators: Validators | None) -> dict[str, str]:
    """Returns the headers that ask for a page only if it changed."""
    given = validators or {}
    return {header: given[name] for name, header in _CONDITIONS.items() if name in given}


@dataclass(frozen=True)
class Reply:
    """A complete answer of the source."""

    where: str
    """Method and address, safe to show."""
    url: str
    status: int
    headers: Mapping[str, str]
    """Names without regard to case."""
    body: bytes
    """As sent, after decompression; empty if unchanged."""
    by: str = ""
    """Which of several credentials asked: what it was given to ask with next time is its own."""
    digest: str = ""
    """What the body is known by, of a source that may have another name for it each time."""

    @property
    def is_unchanged(self) -> bool:
        """Whether the source says that nothing changed since the validators were given."""
        return self.status == HTTPStatus.NOT_MODIFIED

    @property
    def validators(self) -> dict[str, str]:
        """What to ask with next time."""
        given = {
            "etag": self.headers.get("ETag"),
            "last_modified": self.headers.get("Last-Modified"),
            "by": self.by,
            "digest": self.digest,
        }
        return {name: value for name, value in given.items() if value}

    @property
    def next_url(self) -> str | None:
        """The next page by the Link header (RFC 8288)."""
        links = requests.utils.parse_header_links(self.headers.get("Link", ""))
        targets = [link["url"] for link in links if "next" in link.get("rel", "").split()]
        return joined(self.url, targets[0]) if targets else None

    def json(self) -> Json:
        """Returns the answer as JSON, each time the same object.

        Raises:
            UnexpectedReply: if it is none, such as a login page or a page cut off.
        """
        return self._parsed

    @cached_property
    def _parsed(self) -> Json:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise self._not_json() from None

    def _not_json(self) -> UnexpectedReply:
        if self.body.lstrip()[:1] == b"<":
            what = "the answer is a web page, not JSON: a login page or a proxy"
            fix = "check that the address is the API's, and the token"
        else:
            what = f"the answer of {len(self.body):,} bytes is not JSON or breaks off"
            fix = "sync again; if it stays, check that the address is the API's"
        return UnexpectedReply(what, self.where, fix, self.status, self.headers)

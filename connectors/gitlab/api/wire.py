"""Lets python-gitlab ask through the house's own session: its addresses and tokens, our manners."""

from __future__ import annotations

import io
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict

from connectors.http.reply import Reply
from connectors.http.session import Http


class Wire(requests.Session):
    """What python-gitlab sends goes through here; bounds and certificates are the house's."""

    def __init__(self, http: Http) -> None:
        super().__init__()
        self._http = http
        self.reply: Reply | None = None
        """The last answer, as it was sent."""

    def request(self, *_: Any, **asked: Any) -> requests.Response:
        """Sends what python-gitlab asks, by the names it gives.

        Raises:
            HttpError: if there is no usable answer.
        """
        request = requests.Request(
            asked["method"].upper(),
            asked["url"],
            headers=asked["headers"],
            params=asked["params"],
            json=asked["json"],
        )
        self.reply = self._http.send(request, asked["auth"])
        return _response(self.reply)


def _response(reply: Reply) -> requests.Response:
    """An answer in the form in which python-gitlab reads one."""
    response = requests.Response()
    response.status_code = reply.status
    response.url = reply.url
    response.headers = CaseInsensitiveDict(reply.headers)
    response.raw = io.BytesIO(reply.body)
    return response

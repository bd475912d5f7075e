"""Questions in GraphQL, asked as the lists of other APIs are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.answers.understanding import LATE
from connectors.credential import redact
from connectors.http.adapter import Usage
from connectors.http.api import Params
from connectors.http.errors import Forbidden, NotFound, UnexpectedReply
from connectors.http.paging import Ask, PagedList, by_cursor
from connectors.http.reply import Reply, Validators
from connectors.http.session import Http
from connectors.interface import Json

_LONGEST = 160


@dataclass(frozen=True, slots=True)
class GraphQl:
    """Asks one question of a document; its variables are the parameters."""

    http: Http
    document: str

    @property
    def base_url(self) -> str:
        """Address of the API."""
        return self.http.base_url

    @property
    def usage(self) -> Usage:
        """What was asked so far."""
        return self.http.usage

    def get(
        self, path: str, params: Params | None = None, validators: Validators | None = None
    ) -> Reply:
        """Asks with variables.

        Raises:
            HttpError: if there is no usable answer, or the answer tells an error.
        """
        del validators  # nothing is asked for conditionally
        return self.post(path, {"query": self.document, "variables": dict(params or {})})

    def post(self, path: str, json: Json) -> Reply:
        """Asks; see `get`."""
        reply = self.http.post(path, json)
        told = reply.json()
        if told.get("errors"):
            messages = [str(each.get("message")) for each in told["errors"]]
            what = redact(" ".join("; ".join(messages).split()))[:_LONGEST]
            kind = Forbidden if "permission" in what.lower() else UnexpectedReply
            raise kind(what, reply.where, LATE, reply.status)
        return reply


def nodes(connection: Json) -> Sequence[Json]:
    """The items of a connection."""
    return [edge["node"] for edge in connection["edges"]]


def listed(path: Sequence[str], variables: Mapping[str, Json]) -> PagedList:
    """A connection, page after page.

    Args:
        path: where it stands in the data of the answer.
        variables: of the question; the cursor is added.
    """

    def connection(page: Json) -> Json:
        found = page["data"]
        for name in path:
            found = found[name]
            if found is None:
                what = f"there is no {name}, or the key may not see it"
                raise NotFound(what, "/".join(path), "check the name, and the key")
        return found

    def after(page: Json) -> str | None:
        info = connection(page)["pageInfo"]
        return info["endCursor"] if info["hasNextPage"] else None

    return PagedList(
        Ask("graphql", variables),
        by_cursor("cursor", after),
        items=lambda page: nodes(connection(page)),
        key=lambda item: str(item["id"]),
    )

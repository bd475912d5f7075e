"""The lists inside a pull request, and the rest of those that do not fit on its page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from connectors.github.api.question import ask
from connectors.http.api import Api
from connectors.interface import Json

_NESTED: Mapping[str, tuple[str, ...]] = {
    "commits": ("commits",),
    "reviews": ("reviews",),
    "files": ("files",),
    "events": ("timelineItems",),
    "checks": ("lastCommit", "nodes", "0", "commit", "statusCheckRollup", "contexts"),
}
"""Where they are, by their variable in the question for their rest."""


def rest_of(api: Api, variables: Mapping[str, Json], node: Json, needs: str) -> Iterator[bytes]:
    """Asks for what did not fit on the page, and adds it to the pull request.

    Args:
        api: whom to ask.
        variables: which repository.
        node: the pull request.
        needs: the right it takes.

    Raises:
        HttpError: if there is no usable answer.
    """
    cursors = {name: _after(node, path) for name, path in _NESTED.items()}
    while any(cursors.values()):
        wanted = {f"with{name.title()}": bool(after) for name, after in cursors.items()}
        about = {**variables, "number": node["number"], **cursors, **wanted}
        reply = ask(api, "change_rest", about, needs)
        yield reply.body
        rest = reply.json()["data"]["repository"]["pullRequest"]
        complete(node, rest)
        cursors = {
            name: _after(rest, _NESTED[name]) if after else None for name, after in cursors.items()
        }


def complete(node: Json, rest: Json) -> None:
    """Adds the rest of the lists; what shifted from one page to the next is there once."""
    for path in _NESTED.values():
        more, known = _list_at(rest, path), _list_at(node, path)
        if more and known:
            every = {json.dumps(item): item for item in [*known["nodes"], *more["nodes"]]}
            known.update(nodes=list(every.values()), pageInfo=more["pageInfo"])


def _list_at(node: Json, path: Sequence[str]) -> Json:
    """A list inside a pull request; null where there is none, such as checks of nothing."""
    found = node
    for name in path:
        if not found:
            return None
        found = found[0] if name == "0" else found.get(name)
    return found


def _after(node: Json, path: Sequence[str]) -> str | None:
    page = (_list_at(node, path) or {}).get("pageInfo") or {}
    return page.get("endCursor") if page.get("hasNextPage") else None

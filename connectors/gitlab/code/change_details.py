"""What the GraphQL API tells of merge requests by their numbers, with what does not fit at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from connectors.gitlab.api.question import Sized, after, ask, nodes, part_of
from connectors.gitlab.asking import Asking
from connectors.hosting.place import Place
from connectors.http.reply import Reply
from connectors.interface import Json

_NESTED: Mapping[str, tuple[str, ...]] = {
    "commits": ("commits",),
    "authored": ("commitsWithoutMergeCommits",),
    "activity": ("activity",),
    "jobs": ("headPipeline", "jobs"),
}
"""The lists inside a merge request, by their variable in the question for their rest."""
_ENDED = frozenset({"SUCCESS", "FAILED", "CANCELED", "SKIPPED"})


class Details:
    """Asks for the details of merge requests of one project."""

    def __init__(self, asking: Asking, place: Place, sized: Sized) -> None:
        self._asking = asking
        self._place = place
        self._sized = sized
        self.unfinished: set[str] = set()
        """Numbers of those asked for whose last pipeline has not ended."""
        self.told: set[str] = set()
        """Numbers of those that were told."""
        self.missing: set[str] = set()
        """Numbers of those asked for that were not told; they are asked for again."""

    def of(self, iids: Sequence[str]) -> Iterator[bytes]:
        """Answers that hold all of them.

        Raises:
            HttpError: if there is no usable answer.
        """
        while iids:
            reply = self._sized.ask(partial(self._ask, iids))
            yield reply.body
            found = nodes(part_of(reply, "mergeRequests"))
            for node in found:
                self._note(node)
                yield from self._rest(node)
            asked, iids = iids[: self._sized.size], iids[self._sized.size :]
            told = {node["iid"] for node in found}
            self.told |= told
            self.missing = (self.missing | set(asked)) - told

    def _note(self, node: Json) -> None:
        status = (node.get("headPipeline") or {}).get("status")
        self.unfinished.discard(node["iid"])
        if status and status not in _ENDED:
            self.unfinished.add(node["iid"])

    def _ask(self, iids: Sequence[str], size: int) -> Reply:
        asked = list(iids[:size])
        variables = {"project": self._place.name, "iids": asked, "first": len(asked)}
        return ask(self._asking.api, "changes", variables)

    def _rest(self, node: Json) -> Iterator[bytes]:
        """What of a merge request did not fit on the page."""
        cursors = {name: after(_list_at(node, path)) for name, path in _NESTED.items()}
        while any(cursors.values()):
            asked = cursors
            reply = ask(
                self._asking.api,
                "change_rest",
                {
                    "project": self._place.name,
                    "iid": node["iid"],
                    **{name: bool(cursor) for name, cursor in cursors.items()},
                    **{f"{name}After": cursor for name, cursor in cursors.items()},
                },
            )
            yield reply.body
            rest = part_of(reply, "mergeRequest")
            cursors = {
                name: after(_list_at(rest, _NESTED[name]), cursor) if cursor else None
                for name, cursor in asked.items()
            }


def details_in(answers: Sequence[Json]) -> dict[str, Json]:
    """The merge requests that such answers tell, each whole, by their numbers."""
    found: dict[str, Json] = {}
    for answer in answers:
        project = answer["data"]["project"]
        rest = project.get("mergeRequest")
        if rest and rest["iid"] in found:
            _complete(found[rest["iid"]], rest)
        found |= {node["iid"]: node for node in nodes(project.get("mergeRequests"))}
    return found


def _list_at(node: Json, path: Sequence[str]) -> Json:
    """A list inside a merge request; null where there is none, such as jobs of no pipeline."""
    found = node
    for name in path:
        found = found.get(name) if found else None
    return found


def _complete(node: Json, rest: Json) -> None:
    for path in _NESTED.values():
        more, known = _list_at(rest, path), _list_at(node, path)
        if more and known:
            known["nodes"] = [*known["nodes"], *more["nodes"]]

"""Who approved deployments to protected environments; other environments ask nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial

from connectors.answers.moment import moment
from connectors.gitlab.api.question import Sized, after, ask, nodes, project_of
from connectors.gitlab.asking import Asking, below, number_of
from connectors.hosting.place import Place
from connectors.http.errors import Refused
from connectors.http.paging import Ask, PagedList, by_link
from connectors.http.reply import Reply
from connectors.interface import Json

_PAGE_SIZE = 100


class Approvals:
    """Reads approvals while the deployments of one project are read."""

    def __init__(self, asking: Asking, place: Place) -> None:
        self._asking = asking
        self._place = place
        self._sized = Sized(_PAGE_SIZE)
        self._protected: frozenset[str] | None = None
        self._is_asked = False
        self._walks: dict[str, Iterator[Sequence[Json]]] = {}
        self._known: dict[str, dict[str, Json]] = {}

    def of(self, deployments: Sequence[Json]) -> bytes | None:
        """Approvals by the id of the deployment, as JSON; null if the source does not say."""
        protected = self._protected_environments()
        if protected is None:
            return None
        told: dict[str, Json] = {}
        for name in sorted(protected):
            wanted = [item for item in deployments if _environment(item) == name]
            if wanted:
                known = self._read(name, wanted)
                keys = (str(item["id"]) for item in wanted)
                told |= {key: known[key] for key in keys if key in known}
        return json.dumps(told, sort_keys=True).encode()

    def _protected_environments(self) -> frozenset[str] | None:
        """Names of protected environments, asked for once; null if the token may not know."""
        if not self._is_asked:
            self._is_asked = True
            try:
                self._protected = frozenset(
                    str(item["name"]) for item in protected_environments(self._asking, self._place)
                )
            except Refused:
                self._protected = None
        return self._protected

    def _read(self, name: str, wanted: Sequence[Json]) -> dict[str, Json]:
        """Goes on down an environment's deployments until all that are wanted have come."""
        known = self._known.setdefault(name, {})
        walk = self._walks.setdefault(name, self._walk(name))
        oldest = min(moment(item["created_at"]) for item in wanted)
        while any(str(item["id"]) not in known for item in wanted):
            page = next(walk, None)
            if page is None:
                break
            known |= {number_of(node["id"]): node.get("approvals") or [] for node in page}
            if page and moment(page[-1]["createdAt"]) < oldest:
                break
        return known

    def _walk(self, name: str) -> Iterator[Sequence[Json]]:
        cursor: str | None = None
        while True:
            reply = self._sized.ask(partial(self._page, name, cursor))
            environment = project_of(reply)["environment"]
            if environment is None:
                return
            yield nodes(environment["deployments"])
            cursor = after(environment["deployments"], cursor)
            if cursor is None:
                return

    def _page(self, name: str, cursor: str | None, size: int) -> Reply:
        variables = {
            "project": self._place.name,
            "environment": name,
            "first": size,
            "after": cursor,
        }
        return ask(self._asking.api, "deployment_approvals", variables)


def protected_environments(asking: Asking, place: Place) -> Iterator[Json]:
    """The protected environments of a project.

    Raises:
        Refused: if the token or the plan does not allow to see them.
        HttpError: if there is no usable answer.
    """
    listed = PagedList(
        Ask(below(place, "protected_environments"), {"per_page": 100}),
        by_link,
        items=list,
        key=lambda item: str(item["name"]),
    )
    for page in listed.pages(asking.api):
        yield from page.items


def _environment(item: Json) -> str | None:
    place = item.get("environment") if isinstance(item, dict) else None
    return place.get("name") if isinstance(place, dict) else None

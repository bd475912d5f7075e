"""The stream of the places a project is deployed to, and who guards them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import ClassVar

from connectors.answers.page import Header, write_page
from connectors.answers.understanding import UNREADABLE
from connectors.gitlab.api.items import key_of, list_of
from connectors.gitlab.asking import Asking, below
from connectors.gitlab.delivery.approvals import protected_environments
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.http.errors import Refused
from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Environment, Gap, Record


class Environments(Reader):
    """Reads all environments with their tier; they have no time of change."""

    kind: ClassVar[str] = "environments"
    entities: ClassVar[tuple[str, ...]] = ("environment", "gap")
    needs: ClassVar[str] = "scope read_api, Reporter; Maintainer and Premium for who must approve"
    blind: ClassVar[tuple[str, ...]] = ("DP-01", "DP-04")

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields the environments, if they are not what they were."""
        listed = PagedList(
            Ask(below(place, "environments"), {"per_page": 100}),
            by_link,
            items=list_of,
            key=key_of,
        )
        pages = listed.pages(self._asking.api)
        found = {key_of(item): item for page in pages for item in page.items}
        try:
            protected = list(protected_environments(self._asking, place)) if found else []
        except Refused:
            protected = None
        answers = [_bytes(list(found.values())), _bytes(protected)]
        digest = hashlib.sha256(place.name.encode() + b"\n".join(answers)).hexdigest()[:16]
        if (cursor or {}).get("digest") == digest:
            return
        yield Batch(
            payload=write_page({"repository": place.name, "id": place.id}, *answers),
            cursor={"digest": digest},
            reading=Reading.COMPLETE,
            is_first=True,
            is_last=True,
        )

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps all environments; what guards them is null where the token may not see it."""
        found, protected = answers
        guards = None if protected is None else {item["name"]: item for item in protected}
        for item in found:
            try:
                yield self._environment(header["repository"], item, guards)
            except UNREADABLE as error:
                key = f"environment/{key_of(item)}"
                yield self._asking.unreadable(header["repository"], key, error)

    def _environment(self, project: str, item: Json, guards: dict[str, Json] | None) -> Environment:
        name = item["name"]
        guard = None if guards is None else guards.get(name, {})
        return Environment(
            id=self._asking.row_id(project, "environment", name),
            source=self._asking.source,
            url=self._asking.page(project, f"environments/{item['id']}"),
            repository=project,
            name=name,
            tier=item["tier"],
            reviewers=None if guard is None else _reviewers(guard),
            required_approvals=None if guard is None else _required(guard),
            is_self_approval_barred=None,
            wait_minutes=None,
            is_limited_to_protected_branches=None,
        )


def _reviewers(guard: Json) -> tuple[str, ...]:
    """Who may approve: a role, or an account or group by its number."""
    return tuple(dict.fromkeys(_reviewer(rule) for rule in guard.get("approval_rules") or ()))


def _reviewer(rule: Json) -> str:
    if rule.get("user_id"):
        return f"account {rule['user_id']}"
    if rule.get("group_id"):
        return f"group {rule['group_id']}"
    return str(rule["access_level_description"])


def _required(guard: Json) -> int:
    """Approvals of all rules together, or those of the older, single number."""
    rules = sum(rule.get("required_approvals") or 0 for rule in guard.get("approval_rules") or ())
    return int(rules or guard.get("required_approval_count") or 0)


def _bytes(value: Json) -> bytes:
    return json.dumps(value, sort_keys=True).encode()

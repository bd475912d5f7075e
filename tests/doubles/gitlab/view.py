"""How one question sees the world: with whose rights, from which address, at which page."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.connectors.loopback import Asked
from tests.doubles.gitlab.tokens import GitLabToken
from tests.doubles.gitlab.world import Group, Level, Project, World
from tests.doubles.host import Given, Problem
from tests.doubles.paging import Page, address, origin, page_of

if TYPE_CHECKING:
    from tests.doubles.gitlab.double import GitLabDouble

REST = "/api/v4"
PLANS = ("free", "premium", "ultimate")
MOST_COUNTED = 10_000
MOST_OFFSET = 50_000
Render = Callable[["View", Any], Any]


class View:
    """One question, its token, and what they may see."""

    def __init__(self, double: GitLabDouble, asked: Asked, token: GitLabToken) -> None:
        self.double = double
        self.asked = asked
        self.token = token
        self.host = origin(asked)

    @property
    def world(self) -> World:
        return self.double.world

    def param(self, name: str, default: str = "") -> str:
        """Returns a parameter of the question."""
        return self.asked.params.get(name, default)

    def flag(self, name: str) -> bool:
        """Tells whether a parameter is a yes; Python's own spelling is one."""
        return self.param(name).lower() in ("true", "1")

    def time_param(self, name: str) -> datetime | None:
        """Returns a parameter that is a time.

        Raises:
            Problem: if it is none.
        """
        text = self.param(name)
        if not text:
            return None
        try:
            # A plus that was not escaped arrives as a space.
            return datetime.fromisoformat(text.replace(" ", "+"))
        except ValueError:
            raise Problem(400, f"{name} is invalid") from None

    def moment(self, at: datetime | None) -> str | None:
        """Writes a time."""
        return self.double.moment(at)

    # --- what it may see -----------------------------------------------------------------------

    def sees(self, project: Project) -> bool:
        """Tells whether the token reaches a project at all."""
        selected = self.token.project_ids
        return project.visibility == "public" or selected is None or project.id in selected

    def project(self, name: str) -> Project:
        """Finds a project by number or path; an old path is answered with where it went.

        Raises:
            Problem: 404, or 301 to the number.
        """
        if name.isdigit():
            found = self.world.projects.get(int(name))
        else:
            found = self.world.project_at(name)
            moved = None if found else self.world.project_once_at(name)
            if moved is not None:
                self._redirect(name, moved)
        if found is None or not self.sees(found):
            raise Problem(404, "404 Project Not Found")
        return found

    def group(self, name: str) -> Group:
        """Finds a group by number or path.

        Raises:
            Problem: 404.
        """
        found = self.world.group_at(name)
        if found is None:
            raise Problem(404, "404 Group Not Found")
        return found

    def need(self, level: Level) -> None:
        """Refuses who may do less.

        Raises:
            Problem: 403.
        """
        if self.token.level < level:
            raise Problem(403, "")

    def need_plan(self, place: Project | Group, plan: str, status: int = 404) -> None:
        """Refuses what the plan of a place does not hold.

        Raises:
            Problem: with the status GitLab has for that.
        """
        held = place.plan if isinstance(place, Project) else place.lineage[-1].plan
        if PLANS.index(held) < PLANS.index(plan):
            raise Problem(status, "")

    def _redirect(self, name: str, project: Project) -> None:
        escaped = name.replace("/", "%2F")
        path = self.asked.path.replace(f"/projects/{escaped}", f"/projects/{project.id}", 1)
        target = address(self.asked, path).rstrip("?")
        message = f"This resource has been moved permanently to {target}"
        raise Problem(301, message, {"Location": target})

    # --- answers -------------------------------------------------------------------------------

    def listed(
        self,
        items: Sequence[Any],
        render: Render,
        *,
        keyset: Callable[[Any], Any] | None = None,
        kind: str = "",
        is_counted: bool = True,
    ) -> Given:
        """Gives one page of a list, by offset or, where it knows how, by keyset.

        Args:
            items: the whole list.
            render: makes JSON of one of them.
            keyset: what tells the items apart and orders them, ascending or descending.
            kind: class of the items, for the refusal of too great an offset.
            is_counted: whether it tells how many there are.
        """
        if keyset is not None and self.param("pagination") == "keyset":
            return self._by_keyset(items, render, keyset)
        page = page_of(items, self.asked, default=20)
        if keyset is not None and (page.number - 1) * page.size > MOST_OFFSET:
            raise Problem(
                405,
                f"Offset pagination has a maximum allowed offset of {MOST_OFFSET} for requests "
                f"that return objects of type {kind}. Remaining records can be retrieved using "
                "keyset pagination.",
            )
        shown = [render(self, item) for item in page.items]
        return Given(shown, headers=self._page_headers(page, is_counted))

    def _page_headers(self, page: Page, is_counted: bool) -> dict[str, str]:
        is_counted = is_counted and page.total <= MOST_COUNTED
        told = {
            "X-Page": str(page.number),
            "X-Per-Page": str(page.size),
            "X-Next-Page": str(page.number + 1) if page.number < page.last else "",
            "X-Prev-Page": str(page.number - 1) if page.number > 1 else "",
        }
        if is_counted:
            told |= {"X-Total": str(page.total), "X-Total-Pages": str(page.last)}
        link = page.link(self.asked, has_last=is_counted)
        return told | ({"Link": link} if link else {})

    def _by_keyset(
        self, items: Sequence[Any], render: Render, keyset: Callable[[Any], Any]
    ) -> Given:
        size = max(1, min(100, int(self.param("per_page") or 20)))
        start = 0
        if self.param("cursor"):
            known = json.loads(urlsafe_b64decode(self.param("cursor")))
            is_descending = len(items) > 1 and keyset(items[0]) > keyset(items[-1])
            start = sum(_is_past(keyset(item), known, is_descending) for item in items)
        found = items[start : start + size]
        headers = {"X-Per-Page": str(size)}
        if start + size < len(items):
            cursor = urlsafe_b64encode(json.dumps(keyset(found[-1])).encode()).decode()
            headers["Link"] = f'<{address(self.asked, cursor=cursor)}>; rel="next"'
        return Given([render(self, item) for item in found], headers=headers)

    def sort(
        self,
        items: Iterable[Any],
        by: dict[str, Callable[[Any], Any]],
        default: str,
        direction: str = "desc",
    ) -> list[Any]:
        """Orders a list by `order_by` and `sort`; equal ones as GitLab does, newest first."""
        key = by.get(self.param("order_by", default), by[default])
        newest_first = sorted(items, key=lambda item: item.id, reverse=True)
        return sorted(newest_first, key=key, reverse=self.param("sort", direction) == "desc")

    def sort_by(self, items: Iterable[Any], default: str, names: Sequence[str]) -> list[Any]:
        """Orders a list that has no numbers by one of its times."""
        name = self.param("order_by", default)
        name = name if name in names else default
        is_descending = self.param("sort", "desc") == "desc"
        return sorted(items, key=lambda item: getattr(item, name), reverse=is_descending)

    def updated(self, items: Iterable[Any]) -> list[Any]:
        """Keeps what was updated, and created, within the bounds that were asked for; inclusive."""
        kept = list(items)
        for field in ("updated", "created"):
            after, before = self.time_param(f"{field}_after"), self.time_param(f"{field}_before")
            if after:
                kept = [item for item in kept if getattr(item, f"{field}_at") >= after]
            if before:
                kept = [item for item in kept if getattr(item, f"{field}_at") <= before]
        return kept


def _is_past(value: Any, known: Any, is_descending: bool) -> bool:
    return bool(value >= known if is_descending else value <= known)

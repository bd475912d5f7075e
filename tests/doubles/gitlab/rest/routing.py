"""How a function says which address it answers, and what it takes to be answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.connectors.loopback import Asked
from tests.doubles.gitlab.tokens import GitLabToken
from tests.doubles.gitlab.view import REST, View
from tests.doubles.gitlab.world import Level
from tests.doubles.host import Given
from tests.doubles.routes import Routes

ROUTES = Routes()
Answering = Callable[..., Given]


def of_host(path: str) -> Callable[[Answering], Answering]:
    """Answers an address below the API; the function gets the view."""

    def mark(answering: Answering) -> Answering:
        def answer(double: Any, asked: Asked, token: GitLabToken, **parts: str) -> Given:
            return answering(View(double, asked, token), **parts)

        ROUTES.get(REST + path)(answer)
        return answering

    return mark


def of_group(
    path: str, level: Level = Level.GUEST, plan: str = "free", status: int = 404
) -> Callable[[Answering], Answering]:
    """Answers an address below a group; the function gets view and group."""

    def mark(answering: Answering) -> Answering:
        def answer(
            double: Any, asked: Asked, token: GitLabToken, group: str, **parts: str
        ) -> Given:
            view = View(double, asked, token)
            found = view.group(group)
            view.need(level)
            view.need_plan(found, plan, status)
            return answering(view, found, **parts)

        ROUTES.get(f"{REST}/groups/{{group}}{path}")(answer)
        return answering

    return mark


def of_project(
    path: str, level: Level = Level.GUEST, plan: str = "free", status: int = 404
) -> Callable[[Answering], Answering]:
    """Answers an address below a project; the function gets view and project."""

    def mark(answering: Answering) -> Answering:
        def answer(
            double: Any, asked: Asked, token: GitLabToken, project: str, **parts: str
        ) -> Given:
            view = View(double, asked, token)
            found = view.project(project)
            view.need(level)
            view.need_plan(found, plan, status)
            return answering(view, found, **parts)

        ROUTES.get(f"{REST}/projects/{{project}}{path}")(answer)
        return answering

    return mark

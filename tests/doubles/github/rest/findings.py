"""What scans found, and how GitHub says that they are switched off."""

from __future__ import annotations

from typing import TypeVar

from tests.doubles.github.rest.access import by_cursor
from tests.doubles.github.rest.review import ORDERS
from tests.doubles.github.rest.routing import below, of_repository
from tests.doubles.github.shapes import findings
from tests.doubles.github.view import View
from tests.doubles.github.world import CodeAlert, DependencyAlert, Repository, SecretAlert
from tests.doubles.host import Given, Problem

A = TypeVar("A", DependencyAlert, CodeAlert, SecretAlert)


@of_repository("/dependabot/alerts", "vulnerability_alerts:read")
def dependencies(view: View, repository: Repository) -> Given:
    """Lists weak dependencies; its pages are found by cursor only."""
    alerts = repository.dependency_alerts
    if alerts is None:
        raise Problem(403, "Dependabot alerts are disabled for this repository.")
    if "page" in view.params:
        raise Problem(400, "Pagination using the `page` parameter is not supported.")
    found = _wanted(view, alerts, repository)
    shown, link = by_cursor(view, found, lambda alert: str(alert[1].number))
    rendered = [findings.dependency(view, alert) for alert in shown]
    return Given(rendered, headers={"Link": link} if link else {})


@of_repository("/code-scanning/alerts", "security_events:read")
def code(view: View, repository: Repository) -> Given:
    """Lists what analyses found."""
    if repository.code_alerts is None:
        words = "Code Security must be enabled for this repository to use code scanning."
        raise Problem(403, words)
    if not repository.has_analyses:
        raise Problem(404, "no analysis found")
    found = _wanted(view, repository.code_alerts, repository)
    path = below(repository, "/code-scanning/alerts")
    return view.listed(found, findings.code, path=path)


@of_repository("/secret-scanning/alerts", "secret_scanning_alerts:read")
def secrets(view: View, repository: Repository) -> Given:
    """Lists secrets that were found."""
    if repository.secret_alerts is None:
        raise Problem(404, "Secret scanning is disabled on this repository.")
    found = _wanted(view, repository.secret_alerts, repository)
    path = below(repository, "/secret-scanning/alerts")
    return view.listed(found, findings.secret, path=path)


def _wanted(view: View, alerts: list[A], repository: Repository) -> list[tuple[Repository, A]]:
    states = view.params.get("state", "").split(",")
    found = [a for a in alerts if states == [""] or a.state in states or _is_resolved(a, states)]
    return [(repository, alert) for alert in view.sort(found, ORDERS, "created")]


def _is_resolved(alert: object, states: list[str]) -> bool:
    return isinstance(alert, SecretAlert) and alert.state != "open" and "resolved" in states

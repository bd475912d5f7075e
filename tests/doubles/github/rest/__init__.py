"""REST: one module for each kind of address, all in one table of routes."""

from __future__ import annotations

from tests.doubles.github.graphql import serving
from tests.doubles.github.rest import (
    access,
    actions,
    apps,
    code,
    delivery,
    files,
    findings,
    places,
    review,
    rules,
)
from tests.doubles.github.rest.routing import GRAPHQL, ROUTES

MODULES = (access, actions, apps, code, delivery, files, findings, places, review, rules)
"""All that answer; importing them fills the table."""

ROUTES.post(GRAPHQL)(serving.answer)

__all__ = ["MODULES", "ROUTES"]

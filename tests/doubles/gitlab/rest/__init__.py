"""REST: one module for each kind of address, all in one table of routes."""

from __future__ import annotations

from tests.doubles.gitlab.rest import changes, code, delivery, graphql, issues, places, rules
from tests.doubles.gitlab.rest.routing import ROUTES

MODULES = (places, code, changes, delivery, issues, rules, graphql)
"""All that answer; importing them fills the table."""

__all__ = ["MODULES", "ROUTES"]

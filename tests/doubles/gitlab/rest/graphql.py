"""The one address of GraphQL."""

from __future__ import annotations

from typing import Any

from tests.connectors.loopback import Asked
from tests.doubles.gitlab.graphql.serving import serve
from tests.doubles.gitlab.rest.routing import ROUTES
from tests.doubles.gitlab.tokens import GitLabToken
from tests.doubles.gitlab.view import View
from tests.doubles.host import Given


@ROUTES.post("/api/graphql")
def graphql(double: Any, asked: Asked, token: GitLabToken) -> Given:
    """Answers a question; what goes wrong is told inside a 200."""
    return Given(serve(View(double, asked, token)))

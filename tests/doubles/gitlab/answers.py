"""Answers of a bad day, for `double.fail` and `double.spoil`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.connectors.loopback import Answer


def retry_later(seconds: int | None = 60) -> Answer:
    """Too much at once, in plain text; without seconds it says not how long to wait."""
    headers = {"Content-Type": "text/plain"}
    return Answer(
        429,
        b"Retry later\n",
        headers | ({"Retry-After": str(seconds)} if seconds is not None else {}),
    )


def page_in_html(status: int = 200) -> Answer:
    """What a proxy, a sign-in or a page of maintenance says."""
    return Answer(status, b"<!DOCTYPE html><p>Sign in</p>", {"Content-Type": "text/html"})


def cut_short(answer: Answer) -> Answer:
    """Loses the second half of the body, and says nothing of it."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def graphql_errors(message: str, data: Any = None) -> Answer:
    """A GraphQL answer with an error inside a 200."""
    return Answer.json({"data": data, "errors": [{"message": message}]})


def graphql_timeout(field: str = "MergeRequest.notes") -> Answer:
    """What GraphQL says of a question that took too long."""
    return graphql_errors(f"Timeout on {field}")


def graphql_forbidden() -> Answer:
    """What GraphQL says of something one may not see, or that is not there."""
    return graphql_errors(
        "The resource that you are attempting to access does not exist or you don't have "
        "permission to perform this action"
    )

"""Answers of a bad day, for `double.fail` and `double.spoil`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.connectors.loopback import Answer

SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
TIMEOUT = "Something went wrong while executing your query. This may be the result of a timeout."


def secondary_limit(retry_after: int | None = 60, status: int = 403) -> Answer:
    """Too much at once; without `retry_after` it says not how long to wait."""
    headers = {"Retry_After": str(retry_after)} if retry_after is not None else {}
    body = {"message": SECONDARY, "documentation_url": "https://docs.github.com/rest"}
    return Answer.json(body, status, **headers)


def page_in_html(status: int = 200) -> Answer:
    """What a proxy or a page of maintenance says."""
    return Answer(status, b"<!DOCTYPE html><p>Sign in</p>", {"Content-Type": "text/html"})


def cut_short(answer: Answer) -> Answer:
    """Loses the second half of the body, and says nothing of it."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def graphql_errors(message: str, kind: str | None = None, data: Any = None) -> Answer:
    """A GraphQL answer with an error inside a 200."""
    error = {"message": message} | ({"type": kind} if kind else {})
    return Answer.json({"data": data, "errors": [error]})


def graphql_timeout() -> Answer:
    """What GraphQL says of a question that took too long."""
    return graphql_errors(f"{TIMEOUT} Please include `0000:0000` when reporting this issue.")

"""What every field of one answer may use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tests.doubles.github.graphql.pricing import Price
from tests.doubles.github.graphql.problems import Failure
from tests.doubles.github.view import View
from tests.doubles.github.world import Repository
from tests.doubles.host import Allowance


@dataclass
class Context:
    """The view of who asks, the price, and what is left after it."""

    view: View
    price: Price
    allowance: Allowance

    def moment(self, at: datetime | None) -> str | None:
        """Writes a time."""
        return self.view.moment(at)

    def url(self, repository: Repository, path: str = "") -> str:
        """Address of something for people."""
        return f"{self.view.host}/{repository.full_name}{path}"

    def need(self, right: str) -> None:
        """Refuses a token that lacks a right, in the words of GraphQL.

        Raises:
            Failure: FORBIDDEN.
        """
        if not self.view.token.has(right):
            words = f"Resource not accessible by {self.view.token.kind_in_words}"
            raise Failure(words, "FORBIDDEN")

    def hears(self, name: str) -> bool:
        """Tells whether a filter is heeded; `double.ignored_filters` names those that are not."""
        return name not in self.view.double.ignored_filters

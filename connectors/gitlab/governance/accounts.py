"""Names of accounts where GitLab tells their numbers."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.http.api import Api
from connectors.http.errors import Refused
from connectors.interface import Json


class Accounts:
    """Asks for the name of each account once."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._names: dict[int, str | None] = {}

    def named(self, numbers: Iterable[Json]) -> dict[str, str]:
        """Names by number, without those that GitLab does not tell.

        Args:
            numbers: those below 1 stand for nobody with an account.
        """
        wanted = sorted({number for number in numbers if isinstance(number, int) and number > 0})
        found = {str(number): self._name(number) for number in wanted}
        return {number: name for number, name in found.items() if name}

    def _name(self, number: int) -> str | None:
        if number not in self._names:
            try:
                self._names[number] = self._api.get(f"users/{number}").json().get("username")
            except Refused:
                self._names[number] = None
        return self._names[number]

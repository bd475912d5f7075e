"""What a server says it understands: Airflow ignores a parameter it does not know in silence."""

from __future__ import annotations

from collections.abc import Collection

from connectors.interface import Json


class Description:
    """The server's own description of its interface (OpenAPI)."""

    def __init__(self, told: Json) -> None:
        """Takes what the server told; null where it does not."""
        paths = told.get("paths") if isinstance(told, dict) else None
        self._paths = paths if isinstance(paths, dict) else None

    @property
    def is_known(self) -> bool:
        """Whether the server described itself."""
        return self._paths is not None

    def unknown(self, path: str, names: Collection[str]) -> frozenset[str]:
        """The parameters of a list that the server does not know; none, if it tells nothing.

        Args:
            path: as in the description, such as `/api/v2/dags`.
            names: the parameters.
        """
        if self._paths is None:
            return frozenset()
        return frozenset(names) - self._known(path)

    def _known(self, path: str) -> frozenset[str]:
        try:
            parameters = (self._paths or {})[path]["get"]["parameters"]
            return frozenset(parameter["name"] for parameter in parameters)
        except (LookupError, TypeError):
            return frozenset()

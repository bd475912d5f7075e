"""What GraphQL says inside a 200."""

from __future__ import annotations

from typing import Any


class Failure(Exception):
    """An error of one field; the field is null, or what it is in, if it may not be."""

    def __init__(
        self, message: str, kind: str | None = None, extensions: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.extensions = extensions
        self.path: list[str | int] = []

    def told(self) -> dict[str, Any]:
        """Writes it as the host does: with its type beside the message."""
        said: dict[str, Any] = {"type": self.kind} if self.kind else {}
        if self.path:
            said["path"] = self.path
        if self.extensions:
            said["extensions"] = self.extensions
        return {**said, "message": self.message}

"""What a sender is told whose event is not taken."""

from __future__ import annotations

from starlette.responses import PlainTextResponse


class Refused(Exception):
    """An event is not taken; the text is one line for its sender."""

    def __init__(self, status: int, said: str, **headers: str) -> None:
        super().__init__(said)
        self.answer = PlainTextResponse(
            said + "\n", status, {name.replace("_", "-"): text for name, text in headers.items()}
        )

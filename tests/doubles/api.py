"""What the doubles of small APIs share: one kind of credential, one limit, plain refusals."""

from __future__ import annotations

from typing import ClassVar

from tests.connectors.loopback import Answer, Asked, FakeTime
from tests.doubles.exchange import Allowance, Json, Problem, Token
from tests.doubles.host import HostDouble, hashed


class ApiDouble(HostDouble):
    """A double that knows a credential by its header."""

    counts_unchanged: ClassVar[bool] = True
    scheme: ClassVar[str] = "Bearer "
    """What stands before the credential in the header Authorization."""
    has_etags: ClassVar[bool] = False
    """Whether an unchanged answer is told as such."""

    def __init__(self, time: FakeTime | None = None) -> None:
        super().__init__(time or FakeTime())
        self.limits = {"": (100_000, 60)}

    def authenticate(self, asked: Asked) -> Token:
        said = asked.headers.get("authorization", "")
        token = self.tokens.get(said.removeprefix(self.scheme))
        if token is None or not said.startswith(self.scheme):
            raise Problem(401, "")
        return token

    def allowance_of(self, asked: Asked) -> str:
        return ""

    def allowance_headers(self, name: str, allowance: Allowance) -> dict[str, str]:
        return {}

    def exhausted(self, asked: Asked, allowance: Allowance) -> Answer:
        return self.slow_down()

    def slow_down(self) -> Answer:
        return self.problem(Problem(429, "slow down"))

    def problem(self, problem: Problem) -> Answer:
        message = problem.message or f"refused with {problem.status}"
        named = {name.replace("-", "_"): text for name, text in problem.headers.items()}
        return Answer.json(self.said(problem.status, message), problem.status, **named)

    def said(self, status: int, message: str) -> Json:
        """How it words a refusal."""
        return {"message": message}

    def etag(self, body: bytes, asked: Asked) -> str:
        return f'"{hashed(body)}"'

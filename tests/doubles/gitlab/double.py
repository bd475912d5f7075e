"""GitLab on loopback: REST at `/api/v4`, GraphQL at `/api/graphql`.

double = GitLabDouble(world, FakeTime())
double.add_token("tok-1", "dev-1")
with LoopbackServer(double) as server:
    ...  # ask server.url + "/api/v4"
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime

from tests.connectors.loopback import Answer, Asked, FakeTime
from tests.doubles.gitlab import rest
from tests.doubles.gitlab.answers import retry_later
from tests.doubles.gitlab.tokens import GitLabToken
from tests.doubles.gitlab.world import World
from tests.doubles.host import Allowance, HostDouble, Problem, hashed

THROTTLE = "throttle_authenticated_api"
USUAL_WORDS = {
    400: "400 Bad request",
    401: "401 Unauthorized",
    403: "403 Forbidden",
    404: "404 Not Found",
    500: "500 Internal Server Error",
}
INSUFFICIENT_SCOPE = {
    "error": "insufficient_scope",
    "error_description": (
        "The request requires higher privileges than provided by the access token."
    ),
    "scope": "api read_api",
}
INVALID_TOKEN = "Invalid token"
_ENDED = {
    "expired": "Token is expired. You can either do re-authorization or token refresh.",
    "revoked": "Token was revoked. You have to re-authorize from the user.",
}


class GitLabDouble(HostDouble):
    """Answers for a world."""

    routes = rest.ROUTES
    counts_unchanged = True

    def __init__(self, world: World, time: FakeTime | None = None) -> None:
        super().__init__(time or FakeTime())
        self.world = world
        self.limits = {THROTTLE: (2000, 60)}
        self.tells_limits = True
        """Versions before 18.6 tell them only when nothing is left."""
        self.max_complexity = 250
        """Of a GraphQL question."""
        self.complexities: list[int] = []
        """What the GraphQL questions so far came to."""

    # --- credentials ---------------------------------------------------------------------------

    def add_token(self, text: str, login: str, rights: Iterable[str] = ("*",)) -> GitLabToken:
        """Makes a token with scopes such as `read_api`; `*` is all."""
        token = GitLabToken(text, login, set(rights))
        self.tokens[text] = token
        return token

    def authenticate(self, asked: Asked) -> GitLabToken:
        """Accepts the header PRIVATE-TOKEN and `Authorization: Bearer …`."""
        bearer = asked.headers.get("authorization", "").removeprefix("Bearer ")
        text = asked.headers.get("private-token") or bearer
        token = self.tokens.get(text)
        if not isinstance(token, GitLabToken):
            raise Problem(401, INVALID_TOKEN if asked.path.endswith("/graphql") else "")
        if token.is_revoked:
            raise Problem(401, "revoked")
        if token.expires_at and token.expires_at <= self.now:
            raise Problem(401, "expired")
        if not token.has("read_api"):
            raise Problem(403, "insufficient_scope")
        return token

    # --- GitLab's ways -------------------------------------------------------------------------

    def moment(self, at: datetime | None) -> str | None:
        """Writes a time with milliseconds, as REST does."""
        if at is None:
            return None
        return at.astimezone(self.zone).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def allowance_of(self, asked: Asked) -> str:
        """REST and GraphQL are taken off one allowance."""
        return THROTTLE

    def allowance_headers(self, name: str, allowance: Allowance) -> dict[str, str]:
        """Tells what is left, and until when."""
        if not self.tells_limits and allowance.remaining:
            return {}
        return {
            "RateLimit-Name": name,
            "RateLimit-Limit": str(allowance.limit),
            "RateLimit-Observed": str(allowance.used),
            "RateLimit-Remaining": str(allowance.remaining),
            "RateLimit-Reset": str(int(allowance.reset_at.timestamp())),
            "RateLimit-ResetTime": format_datetime(allowance.reset_at.astimezone(UTC), usegmt=True),
        }

    def exhausted(self, asked: Asked, allowance: Allowance) -> Answer:
        """Says that nothing is left, in plain text."""
        return retry_later(max(1, int((allowance.reset_at - self.now).total_seconds())))

    def slow_down(self) -> Answer:
        """Says that too much was asked at once."""
        return retry_later()

    def problem(self, problem: Problem) -> Answer:
        """Says a refusal."""
        if problem.message == "insufficient_scope":
            return Answer.json(INSUFFICIENT_SCOPE, 403)
        if problem.message in _ENDED:
            said = {"error": "invalid_token", "error_description": _ENDED[problem.message]}
            return Answer.json(said, 401)
        if problem.message == INVALID_TOKEN:
            return Answer.json({"errors": [{"message": INVALID_TOKEN}]}, 401)
        message = problem.message or USUAL_WORDS.get(problem.status, str(problem.status))
        key = "error" if problem.status == 405 else "message"
        return Answer.json({key: message}, problem.status, **_named(problem.headers))

    def etag(self, body: bytes, asked: Asked) -> str:
        """Names a state weakly."""
        return f'W/"{hashed(body)[:32]}"'


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("-", "_"): text for name, text in headers.items()}

"""GitHub on loopback: REST at `/api/v3`, GraphQL at `/api/graphql`, as its server product has them.

double = GitHubDouble(world, FakeTime())
double.add_token("tok-1", "dev-1")
with LoopbackServer(double) as server:
    ...  # ask server.url + "/api/v3"
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.connectors.loopback import Answer, Asked, FakeTime
from tests.doubles.github import rest
from tests.doubles.github.answers import SECONDARY, secondary_limit
from tests.doubles.github.graphql.serving import limit_reached
from tests.doubles.github.identity import identify
from tests.doubles.github.tokens import GitHubToken, TokenKind, classic_rights
from tests.doubles.github.world import App, DeploymentStatus, World
from tests.doubles.host import Allowance, HostDouble, Problem, Token, hashed

DOCUMENTATION = "https://docs.github.com/rest"
USUAL_WORDS = {
    401: "Bad credentials",
    403: "Resource not accessible by personal access token",
    404: "Not Found",
    410: "This endpoint has been removed.",
    422: "Validation Failed",
    429: SECONDARY,
    500: "Server Error",
    502: "Server Error",
    503: "Service unavailable",
}


class GitHubDouble(HostDouble):
    """Answers for a world."""

    routes = rest.ROUTES
    counts_unchanged = False

    def __init__(self, world: World, time: FakeTime | None = None) -> None:
        super().__init__(time or FakeTime())
        self.world = world
        self.site = ""
        """Address of its pages, if it is not the one it is asked at."""
        self.limits = {"core": (5000, 3600), "graphql": (5000, 3600)}
        self.is_open = True
        """Whether it answers questions without a token, about what is public."""
        self.exhausted_status = 403
        """How REST says that nothing is left; GitHub may say 429."""
        self.is_terse = False
        """Leaves out the addresses that fill most of a page, for the sake of large histories."""
        self.has_etag_per_token = True
        """GitHub's own habit: another token finds every page changed."""
        self.are_statuses_newest_first = True
        """How it lists the statuses of a deployment; GitHub promises no order."""
        self.graphql_limit_type = "RATE_LIMITED"
        """How GraphQL says that the points are used up; some hosts say `RATE_LIMIT`."""

    def in_order(self, statuses: Sequence[DeploymentStatus]) -> list[DeploymentStatus]:
        """Lists statuses in the order they arrived, or backwards."""
        return list(statuses)[:: -1 if self.are_statuses_newest_first else 1]

    # --- credentials ---------------------------------------------------------------------------

    def add_token(self, text: str, login: str, rights: Iterable[str] = ("*",)) -> GitHubToken:
        """Makes a fine-grained token with rights such as `pull_requests:read`; `*` is all."""
        token = GitHubToken(text, login, set(rights))
        self.tokens[text] = token
        return token

    def add_classic_token(self, text: str, login: str, *scopes: str) -> GitHubToken:
        """Makes a classic token with scopes such as `repo`."""
        token = GitHubToken(text, login, classic_rights(scopes))
        token.kind, token.scopes = TokenKind.CLASSIC, scopes
        self.tokens[text] = token
        return token

    def add_app(self, slug: str, owner: str, **permissions: str) -> tuple[App, str]:
        """Makes an application; returns it and its private key as PEM."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        account = self.world.account(owner)
        app = App(slug, self.world.new_id(), account, public.decode(), permissions)
        self.world.apps.append(app)
        return app, private.decode()

    # --- GitHub's ways -------------------------------------------------------------------------

    def authenticate(self, asked: Asked) -> GitHubToken:
        """Accepts `token …`, `Bearer …` and, of applications, a signed JWT."""
        return identify(self, asked)

    def allowance_of(self, asked: Asked) -> str:
        """GraphQL has points of its own."""
        return "graphql" if asked.path.endswith("/graphql") else "core"

    def limit_of(self, token: Token, name: str) -> tuple[int, int]:
        """Who has no token has sixty questions an hour."""
        return self.limits[name] if token.text else (60, 3600)

    def allowance_headers(self, name: str, allowance: Allowance) -> dict[str, str]:
        """Tells what is left, and until when."""
        return {
            "X-RateLimit-Limit": str(allowance.limit),
            "X-RateLimit-Remaining": str(allowance.remaining),
            "X-RateLimit-Used": str(allowance.used),
            "X-RateLimit-Reset": str(int(allowance.reset_at.timestamp())),
            "X-RateLimit-Resource": name,
        }

    def token_headers(self, asked: Asked, token: Token) -> dict[str, str]:
        """Tells scopes, and when the token ends."""
        assert isinstance(token, GitHubToken)
        told = {"X-GitHub-Media-Type": "github.v3; format=json"}
        if token.kind is TokenKind.CLASSIC:
            told["X-OAuth-Scopes"] = ", ".join(token.scopes)
        if token.expires_at:
            ends_at = token.expires_at.astimezone(UTC)
            told["GitHub-Authentication-Token-Expiration"] = f"{ends_at:%Y-%m-%d %H:%M:%S} UTC"
        return told

    def exhausted(self, asked: Asked, allowance: Allowance) -> Answer:
        """Says that nothing is left: REST by status, GraphQL by an error inside a 200."""
        token = self.authenticate(asked)
        account = self.world.accounts.get(token.login)
        whose = f"user ID {account.id if account else 0}"
        if self.allowance_of(asked) == "graphql":
            return limit_reached(self.graphql_limit_type, whose)
        return self.problem(Problem(self.exhausted_status, f"API rate limit exceeded for {whose}."))

    def slow_down(self) -> Answer:
        """Says that too much was asked at once."""
        return secondary_limit()

    def problem(self, problem: Problem) -> Answer:
        """Says a refusal."""
        message = problem.message or USUAL_WORDS.get(problem.status, "Something went wrong")
        body = {
            "message": message,
            "documentation_url": DOCUMENTATION,
            "status": str(problem.status),
        }
        return Answer.json(body, problem.status, **problem.headers)

    def etag(self, body: bytes, asked: Asked) -> str:
        """Names a state weakly; another token gets another name for it."""
        whose = asked.headers.get("authorization", "") if self.has_etag_per_token else ""
        return f'W/"{hashed(whose, body)}"'

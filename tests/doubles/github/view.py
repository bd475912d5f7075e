"""How one question sees the world: with whose rights, from which address, at which page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tests.connectors.loopback import Asked
from tests.doubles.github.tokens import GitHubToken, TokenKind
from tests.doubles.github.world import Organisation, Repository, World
from tests.doubles.host import Given, Problem
from tests.doubles.paging import origin, page_of

if TYPE_CHECKING:
    from datetime import datetime

    from tests.doubles.github.double import GitHubDouble

REST = "/api/v3"
Render = Callable[["View", Any], Any]


class View:
    """One question, its token, and what they may see."""

    def __init__(self, double: GitHubDouble, asked: Asked, token: GitHubToken) -> None:
        self.double = double
        self.asked = asked
        self.token = token
        self.host = double.site or origin(asked)
        self.api = origin(asked) + REST
        self.memory: dict[Any, Any] = {}
        """What was rendered already for this answer."""

    @property
    def world(self) -> World:
        return self.double.world

    @property
    def params(self) -> dict[str, str]:
        return dict(self.asked.params)

    @cached_property
    def login(self) -> str:
        return self.token.login

    def moment(self, at: datetime | None) -> str | None:
        """Writes a time."""
        return self.double.moment(at)

    # --- rights --------------------------------------------------------------------------------

    def sees(self, repository: Repository) -> bool:
        """Tells whether the token reaches a repository at all."""
        if not repository.is_private:
            return True
        token, owner = self.token, repository.owner.login
        is_selected = token.repository_ids is None or repository.id in token.repository_ids
        is_elsewhere = token.installation_of not in (None, owner)
        return is_selected and not is_elsewhere and token.has("metadata:read")

    def need(self, right: str) -> None:
        """Refuses a token that lacks a right.

        Raises:
            Problem: in the host's words, with the header that names the right.
        """
        if not self.token.has(right):
            raise Problem(
                403,
                f"Resource not accessible by {self.token.kind_in_words}",
                {"X-Accepted-GitHub-Permissions": right.replace(":", "=")},
            )

    def role(self, repository: Repository) -> str:
        """The role of who asks in a repository: `read` if nothing gives more."""
        organisation = self.world.organisations.get(repository.owner.login)
        if repository.owner.login == self.login or (organisation and self.owns(organisation)):
            return "admin"
        for one in repository.collaborators:
            if one.account.login == self.login:
                return one.role
        for team in organisation.teams if organisation else ():
            if repository.id in team.repositories and self.login in {m.login for m in team.members}:
                return team.repositories[repository.id]
        return "read"

    def may(self, repository: Repository, right: str) -> bool:
        """Tells whether it may do something in a repository.

        A classic token can do what who made it can do there, and no more.
        """
        is_bound = self.token.kind is TokenKind.CLASSIC
        return self.token.has(right) and not (is_bound and self.role(repository) != "admin")

    def need_in(self, repository: Repository, right: str) -> None:
        """Refuses who is no administrator of a repository; to a classic token nothing is there.

        Raises:
            Problem: 403 or 404.
        """
        if self.token.kind is TokenKind.CLASSIC and not self.may(repository, right):
            raise Problem(404, "")
        self.need(right)

    def pass_sso(self, organisation: str) -> None:
        """Refuses a token that the organisation's single sign-on has not let in.

        Raises:
            Problem: with the header that says where to authorise it.
        """
        if organisation in self.token.sso_pending:
            url = f"{self.host}/orgs/{organisation}/sso?authorization_request=AAAA"
            raise Problem(
                403,
                "Resource protected by organization SAML enforcement. You must grant your "
                f"{self.token.kind_in_words} access to this organization.",
                {"X-GitHub-SSO": f"required; url={url}"},
            )

    def owns(self, organisation: Organisation) -> bool:
        """Tells whether who asks is an owner of the organisation."""
        return any(
            member.account.login == self.login and member.role == "admin"
            for member in organisation.members
        )

    # --- answers -------------------------------------------------------------------------------

    def listed(
        self,
        items: Sequence[Any],
        render: Render,
        *,
        path: str | None = None,
        wrap: Callable[[list[Any]], Any] = lambda shown: shown,
        default: int = 30,
        shown: int | None = None,
    ) -> Given:
        """Gives one page of a list.

        Args:
            items: the whole list.
            render: makes JSON of one of them.
            path: where the next page is, if not below the address that was asked.
            wrap: puts the rendered page into what surrounds it.
            default: items of a page if the question does not say.
            shown: how many can be paged to at all.
        """
        page = page_of(items, self.asked, default=default, shown=shown)
        link = page.link(self.asked, path)
        rendered = [render(self, item) for item in page.items]
        return Given(wrap(rendered), headers={"Link": link} if link else {})

    def counted(
        self,
        key: str,
        items: Sequence[Any],
        render: Render,
        path: str | None = None,
        shown: int | None = None,
    ) -> Given:
        """Gives one page of a list that tells how long it is."""
        total = len(items)
        return self.listed(
            items,
            render,
            path=path,
            wrap=lambda found: {"total_count": total, key: found},
            shown=shown,
        )

    def sort(
        self,
        items: Iterable[Any],
        by: dict[str, Callable[[Any], Any]],
        default: str,
        direction: str = "desc",
    ) -> list[Any]:
        """Orders a list by `sort` and `direction`; equal ones by number or id."""
        key = by.get(self.asked.params.get("sort", default), by[default])
        is_reversed = self.asked.params.get("direction", direction) == "desc"
        return sorted(items, key=key, reverse=is_reversed)

"""The stream of who has access to a repository: accounts, teams and deploy keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from connectors.answers.page import Header
from connectors.api.reader import Items
from connectors.github.api.survey import Survey
from connectors.github.api.surveyed import answers_of, only
from connectors.github.asking import Asking
from connectors.github.governance.access_rows import collaborator_row, deploy_key_row
from connectors.github.governance.member_rows import account_key
from connectors.hosting.place import Place
from connectors.hosting.readable import readable
from connectors.hosting.reader import Reader
from connectors.interface import Cursor, Json
from data.model import Record, SubjectKind

_HIDDEN: Mapping[str, str] = {
    "direct": "who has access directly",
    "outside": "who of them is no member",
    "teams": "which teams have access",
    "keys": "deploy keys",
}


class RepositoryAccess(Reader):
    """Reads rights that are given in a repository itself."""

    kind: ClassVar[str] = "repository_access"
    entities: ClassVar[tuple[str, ...]] = ("member_access", "gap")
    needs: ClassVar[str] = "Metadata: read for accounts, Administration: read for teams and keys"
    blind: ClassVar[tuple[str, ...]] = ("AC-02", "AC-03", "AC-05")

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields all rights, if one is not what it was."""
        survey = Survey(self._asking.api, cursor, place.name, _counts)
        has_changed = survey.has_changed()
        if has_changed:
            self._ask(survey, f"repos/{place.name}")
        for name, refusal in survey.refusals.items():
            yield self._asking.gap(
                place.name,
                f"{self.kind}/{name}",
                refusal.reason,
                f"{_HIDDEN[name]} is not shown to this token ({refusal.what})",
                f"give the token {self.needs}",
            )
        if has_changed:
            yield survey.complete({"repository": place.name, "id": place.id})

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        asking, repository = self._asking, header["repository"]
        said = answers_of(header, answers)
        every = {name: [item for page in pages for item in page] for name, pages in said.items()}
        outside = {account_key(item) for item in every.get("outside", ())}

        def account(item: Json) -> Record:
            is_outside = account_key(item) in outside
            kind = SubjectKind.OUTSIDE if is_outside else SubjectKind.MEMBER
            return collaborator_row(asking, repository, kind, item)

        def team(item: Json) -> Record:
            return collaborator_row(asking, repository, SubjectKind.TEAM, item)

        def key(item: Json) -> Record:
            return deploy_key_row(asking, repository, item)

        for name, row_of in (("direct", account), ("teams", team), ("keys", key)):
            yield from readable(asking, repository, name, every.get(name, ()), row_of)

    def _ask(self, survey: Survey, path: str) -> None:
        accounts = f"{path}/collaborators"
        survey.ask_list("direct", accounts, {"affiliation": "direct"}, is_needed=False)
        survey.ask_list("outside", accounts, {"affiliation": "outside"}, is_needed=False)
        survey.ask_list("teams", f"{path}/teams", is_needed=False)
        survey.ask_list("keys", f"{path}/keys", is_needed=False)


def _counts(name: str, answer: Json) -> Json:
    if name == "keys":
        return only(answer, "id", "title", "read_only", "created_at", "last_used")
    return only(answer, "id", "login", "slug", "role_name", "permission", "permissions")

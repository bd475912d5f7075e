"""The stream of who has access to the organisation, and of its settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from connectors.answers.page import Header
from connectors.answers.understanding import LATE
from connectors.api.reader import Items, OrganisationReader
from connectors.github.api.survey import Survey
from connectors.github.api.surveyed import Refusal, answers_of, only
from connectors.github.asking import Asking
from connectors.github.governance.access_rows import installation_row
from connectors.github.governance.member_rows import MemberRights, organisation_row
from connectors.hosting.readable import readable
from connectors.interface import Cursor, Json
from data.model import Gap, GapReason, Record

_HIDDEN: Mapping[str, str] = {
    "workflow": "what workflows may do by default",
    "outside": "outside collaborators",
    "insecure": "which members lack a second factor",
    "outside_insecure": "which outside collaborators lack a second factor",
    "installations": "applications",
}
"""What may be refused while the rest is told."""
_OWNER = "give the token organisation Administration: read, of an owner"


class Access(OrganisationReader):
    """Reads members with their second factor, outside collaborators and applications.

    Teams give access to repositories, and come with each of these.
    """

    kind: ClassVar[str] = "access"
    entities: ClassVar[tuple[str, ...]] = ("organisation", "member_access", "gap")
    needs: ClassVar[str] = (
        "organisation Members: read and Administration: read, of an owner; classic: admin:org"
    )
    blind: ClassVar[tuple[str, ...]] = ("AC-01", "AC-02", "AC-03", "VM-07")

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    @property
    def is_wanted(self) -> bool:
        """Whether an organisation is read, and not single repositories."""
        return not self._asking.settings.repositories

    def pull(self, cursor: Cursor | None) -> Items:
        """Yields all there is, if something is not what it was."""
        organisation = self._asking.organisation
        survey = Survey(self._asking.api, cursor, organisation, _counts)
        has_changed = survey.has_changed()
        if has_changed:
            self._ask(survey, f"orgs/{organisation}")
        yield from self._gaps(survey.refusals)
        if has_changed:
            yield survey.complete({"organisation": organisation})

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        asking, name = self._asking, header["organisation"]
        said = answers_of(header, answers)
        rights = MemberRights.of(said)
        yield organisation_row(asking, name, said["organisation"][0], _first(said, "workflow"))

        def member(item: Json) -> Record:
            return rights.member(asking, name, item)

        def outside(item: Json) -> Record:
            return rights.outsider(asking, name, item)

        def application(item: Json) -> Record:
            return installation_row(asking, name, item)

        pages = said.get("installations", ())
        installed = [item for page in pages for item in page["installations"]]
        yield from readable(asking, name, "member", rights.members, member)
        yield from readable(asking, name, "outside collaborator", rights.outside, outside)
        yield from readable(asking, name, "application", installed, application)
        yield from self._ignored(name, rights)

    def _ignored(self, organisation: str, rights: MemberRights) -> Iterator[Gap]:
        """Tells that nobody knows what the filters of lists would have told."""
        owners = "the filter by role was ignored: who is an owner is not known"
        factor = "all lack a second factor, or the filter was ignored: who has one is not known"
        for key, what, is_ignored in (
            ("role", owners, rights.is_role_ignored),
            ("second_factor", factor, rights.is_factor_ignored),
        ):
            if is_ignored:
                where = f"{self.kind}/filter/{key}"
                yield self._asking.gap(organisation, where, GapReason.FILTER_IGNORED, what, LATE)

    def _ask(self, survey: Survey, path: str) -> None:
        survey.ask("organisation", path)
        survey.ask("workflow", f"{path}/actions/permissions/workflow", is_needed=False)
        members, outside = f"{path}/members", f"{path}/outside_collaborators"
        without_factor = {"filter": "2fa_disabled"}
        survey.ask_list("owners", members, {"role": "admin"})
        survey.ask_list("members", members, {"role": "member"})
        survey.ask_list("insecure", members, without_factor, is_needed=False)
        survey.ask_list("outside", outside, is_needed=False)
        survey.ask_list("outside_insecure", outside, without_factor, is_needed=False)
        survey.ask_list(
            "installations",
            f"{path}/installations",
            items=lambda answer: answer["installations"],
            is_needed=False,
        )

    def _gaps(self, refusals: Mapping[str, Refusal]) -> Iterator[Gap]:
        for name, refusal in refusals.items():
            yield self._asking.gap(
                self._asking.organisation,
                f"{self.kind}/{name}",
                refusal.reason,
                f"{_HIDDEN[name]} is not shown to this token ({refusal.what})",
                _OWNER,
            )


def _counts(name: str, answer: Json) -> Json:
    if name == "organisation":
        return only(
            answer, "two_factor_requirement_enabled", "default_repository_permission", "plan"
        )
    if name == "installations":
        installed = answer.get("installations") if isinstance(answer, dict) else None
        return only(installed, "id", "app_slug", "permissions", "suspended_at")
    return answer if name == "workflow" else only(answer, "id", "login")


def _first(said: Mapping[str, Sequence[Json]], name: str) -> Mapping[str, Json]:
    return said[name][0] if name in said else {}

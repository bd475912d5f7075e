"""The stream of the rules in force for a repository's default branch and its tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from connectors.answers.moment import moment, moment_or_none
from connectors.answers.page import Header, read_page
from connectors.answers.understanding import LATE, UNREADABLE
from connectors.api.reader import Items
from connectors.github.api.survey import Survey
from connectors.github.api.surveyed import only
from connectors.github.asking import Asking, row_id
from connectors.github.governance.protection_layers import is_for_tags
from connectors.github.governance.protection_state import Seen, seen, told_since
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.remembered import of_here
from connectors.http.errors import NotFound, UnexpectedReply
from connectors.interface import Batch, Cursor, Json
from data.model import Gap, GapReason, Protection, Record

_ADMINISTRATION = "give the token Administration: read"
_HIDDEN: Mapping[str, tuple[str, str]] = {
    "classic": ("classic branch protection", _ADMINISTRATION),
    "rules": ("rulesets", "give the token Metadata: read; servers before 3.11 have none"),
    "bypass": (
        "who may pass the rules by",
        "give the token Administration: write: who may change them sees it",
    ),
    "tags": ("rulesets of tags", "give the token Metadata: read; servers before 3.11 have none"),
    "code_owners": ("CODEOWNERS", "give the token Contents: read"),
}
_NO_BRANCH = "Branch not found"
_LISTS = ("required_checks", "bypass_actors", "push_actors")


class Protections(Reader):
    """Reads classic protection and rulesets, those of the organisation too.

    GitHub tells no time of a change: a page holds the state before and the state now, with the
    times of both readings.
    """

    kind: ClassVar[str] = "protection"
    is_remembered: ClassVar[bool] = True
    entities: ClassVar[tuple[str, ...]] = ("protection", "gap")
    needs: ClassVar[str] = (
        "Administration: read, Contents: read; Administration: write for who passes rulesets by"
    )
    blind: ClassVar[tuple[str, ...]] = (
        "BP-01",
        "BP-02",
        "BP-03",
        "BP-04",
        "BP-05",
        "BP-06",
        "CM-07",
        "CM-09",
        "CM-12",
    )

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields one page if the rules are not what they were."""
        if place.default_branch is None:
            return
        known = of_here(cursor, self._asking.settings.url)
        name = f"{place.name}@{place.default_branch}"
        survey = Survey(self._asking.api, known, name, _counts, is_complete=False)
        if not survey.has_changed():
            yield from self._gaps(place.name, known["hidden"])
        elif self._ask(survey, place, place.default_branch, is_known=bool(known)):
            yield from self._news(survey, place, known)

    def _news(self, survey: Survey, place: Place, known: Cursor) -> Items:
        header = {
            "repository": place.name,
            "id": place.id,
            "branch": place.default_branch,
            "is_renamed": known.get("repository", place.name) != place.name,
            "read_at": self._asking.context.clock().isoformat(),
            "before_at": known.get("read_at"),
            "before": known.get("state", {}),
        }
        payload = survey.page(header)
        now = _understood(payload, place)
        yield from self._gaps(place.name, now.hidden)
        state = {
            "address": self._asking.settings.url,
            "repository": place.name,
            "read_at": header["read_at"],
            "state": told_since(now, header),
            "hidden": now.hidden,
        }
        yield Batch(payload, {**survey.cursor, **state})

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page: what changed, or all under a new name."""
        state = told_since(seen(header, answers), header)
        for key, fields in state.items():
            if header["is_renamed"] or fields["changed_before_at"] == header["read_at"]:
                yield self._row(header["repository"], key, fields)

    def _row(self, repository: str, key: str, fields: Mapping[str, Json]) -> Protection:
        kind, _, target = key.partition("/")
        changed_before_at: datetime = moment(fields["changed_before_at"])
        times = ("changed_after_at", "changed_before_at")
        told = {name: value for name, value in fields.items() if name not in times}
        lists = {name: tuple(told[name]) for name in _LISTS if told[name] is not None}
        return Protection(
            id=row_id(repository, "protection", f"{key}@{changed_before_at.isoformat()}"),
            source=self._asking.source,
            url=self._asking.page(repository, "settings/rules"),
            repository=repository,
            kind=kind,
            target=target,
            changed_after_at=moment_or_none(fields["changed_after_at"]),
            changed_before_at=changed_before_at,
            **{**told, **lists},
        )

    def _ask(self, survey: Survey, place: Place, branch: str, *, is_known: bool) -> bool:
        """Asks for all there is; false if nothing was ever pushed, so that there is no branch."""
        path = f"repos/{place.name}"
        quoted = quote(branch, safe="")
        try:
            flags = survey.ask("branch", f"{path}/branches/{quoted}") or {}
        except NotFound as error:
            if is_known or _NO_BRANCH not in error.what:
                raise
            return False
        if flags.get("protected") is not False:
            survey.ask("classic", f"{path}/branches/{quoted}/protection", is_needed=False)
        rules = survey.ask_list("rules", f"{path}/rules/branches/{quoted}", is_needed=False)
        tags = survey.ask_list(
            "tag_rulesets",
            f"{path}/rulesets",
            {"includes_parents": True, "targets": "tag"},
            is_needed=False,
        )
        for number in sorted({*_ids(rules, "ruleset_id"), *_ids(_in_force(tags), "id")}):
            question = f"{path}/rulesets/{number}"
            survey.ask(f"ruleset/{number}", question, {"includes_parents": True}, is_needed=False)
        owners = f"{path}/codeowners/errors"
        survey.ask("code_owners", owners, {"ref": branch}, is_needed=False, follows="branch")
        return True

    def _gaps(self, repository: str, hidden: Sequence[str]) -> Iterator[Gap]:
        for name in hidden:
            what, fix = _HIDDEN[name]
            yield self._asking.gap(
                repository,
                f"{self.kind}/{name}",
                GapReason.NO_PERMISSION,
                f"{what} is not shown to this token: whether the rules hold is not known",
                fix,
            )


def _understood(payload: bytes, place: Place) -> Seen:
    """What a page shows.

    Raises:
        UnexpectedReply: if it is not what GitHub tells.
    """
    try:
        return seen(*read_page(payload))
    except UNREADABLE as error:
        what = f"the rules are not as they should be: {type(error).__name__} {error}"
        raise UnexpectedReply(what, f"the rules of {place.name}", LATE) from None


def _counts(name: str, answer: Json) -> Json:
    if name == "branch":
        return only(answer, "protected", "protection")
    return only(answer, "id", "target", "enforcement") if name == "tag_rulesets" else answer


def _in_force(rulesets: Sequence[Json] | None) -> Iterator[Json]:
    """Those of tags that protect; servers may not know the filter."""
    for ruleset in rulesets or ():
        if isinstance(ruleset, dict) and is_for_tags(ruleset):
            yield ruleset


def _ids(items: Iterator[Json] | Sequence[Json] | None, name: str) -> Iterator[int]:
    for item in items or ():
        number = item.get(name) if isinstance(item, dict) else None
        if isinstance(number, int):
            yield number

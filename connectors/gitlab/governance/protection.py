"""The stream of the rules in force for a project's default branch and its tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

from connectors.answers.moment import moment, moment_or_none
from connectors.answers.page import Header, read_page
from connectors.api.reader import Items
from connectors.gitlab.api.daily import nothing_new
from connectors.gitlab.api.look import DailyLook
from connectors.gitlab.api.refusing import refused_gaps
from connectors.gitlab.asking import Asking, below
from connectors.gitlab.governance.protection_state import NO_SUCH_FILE, seen, told_since
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.remembered import of_here
from connectors.interface import Batch, Cursor, Json
from data.model import Protection, Record

_WORDS: Mapping[str, str] = {
    "branch": "whether the branch is protected",
    "branches": "protected branches",
    "tags": "protected tags",
    "approval_rules": "approval rules",
    "approvals": "what becomes of approvals",
    "push_rule": "push rules",
    "code_owners": "CODEOWNERS",
}
_SETTINGS = (
    "only_allow_merge_if_pipeline_succeeds",
    "allow_merge_on_skipped_pipeline",
    "only_allow_merge_if_all_discussions_are_resolved",
    "merge_method",
    "squash_option",
    "merge_pipelines_enabled",
    "merge_trains_enabled",
)
_CODE_OWNERS = ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where GitLab looks for it, in this order."""
_LISTS = ("required_checks", "bypass_actors", "push_actors")
_TIMES = ("changed_after_at", "changed_before_at")


class Protections(Reader):
    """Reads what a project and its groups protect, and what merging waits for.

    GitLab tells no time of a change: a page holds the state before and the state now, with the
    times of both looks.
    """

    kind: ClassVar[str] = "protection"
    is_remembered: ClassVar[bool] = True
    entities: ClassVar[tuple[str, ...]] = ("protection", "gap")
    needs: ClassVar[str] = "scope read_api, Maintainer; Premium for approvals and push rules"
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
        look = DailyLook(self._asking, known, f"{place.name}@{place.default_branch}")
        if look.is_due:
            self._ask(look, place, place.default_branch)
            look.demand()
        yield from refused_gaps(
            self._asking,
            place.name,
            self.kind,
            _shown(look.refused),
            _WORDS,
            f"needs {self.needs}",
        )
        if look.is_due:
            yield self._batch(look, place, known)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page: what changed, or all under a new name."""
        if "branch" not in header:
            return
        for key, fields in told_since(seen(header, answers), header).items():
            if header["is_renamed"] or fields["changed_before_at"] == header["read_at"]:
                yield self._row(header["repository"], key, fields)

    def _batch(self, look: DailyLook, place: Place, known: Mapping[str, Json]) -> Batch:
        header = {
            "repository": place.name,
            "id": place.id,
            "branch": place.default_branch,
            "is_renamed": known.get("repository", place.name) != place.name,
            "is_code_hidden": "code_owners" in _shown(look.refused),
            "read_at": look.now.isoformat(),
            "before_at": known.get("looked_at"),
            "before": known.get("state", {}),
        }
        kept = {
            **look.cursor,
            "address": self._asking.settings.url,
            "repository": place.name,
        }
        if not look.has_changed:
            about = {"repository": place.name, "id": place.id}
            return nothing_new(about, {**kept, "state": header["before"]})
        payload = look.page(header)
        page, answers = read_page(payload)
        return Batch(payload, {**kept, "state": told_since(seen(page, answers), page)})

    def _ask(self, look: DailyLook, place: Place, branch: str) -> None:
        listed = self._asking.listed[place.id]
        look.show("settings", {name: listed[name] for name in _SETTINGS if name in listed})
        if look.ask_list("branches", below(place, "protected_branches")) is None:
            flags = below(place, f"repository/branches/{quote(branch, safe='')}")
            look.ask("branch", flags, keep=("name", "protected"))
        look.ask_list("tags", below(place, "protected_tags"))
        look.ask_list("approval_rules", below(place, "approval_rules"))
        look.ask("approvals", below(place, "approvals"))
        look.ask("push_rule", below(place, "push_rule"))
        for file in _CODE_OWNERS:
            path = below(place, f"repository/files/{quote(file, safe='')}")
            if look.ask(f"owners/{file}", path, {"ref": branch}, keep=("file_path",)):
                break

    def _row(self, project: str, key: str, fields: Mapping[str, Json]) -> Protection:
        kind, _, target = key.partition("/")
        changed_before_at = moment(fields["changed_before_at"])
        told = {name: value for name, value in fields.items() if name not in _TIMES}
        lists = {name: tuple(told[name]) for name in _LISTS if told[name] is not None}
        return Protection(
            id=self._asking.row_id(project, "protection", f"{key}@{changed_before_at.isoformat()}"),
            source=self._asking.source,
            url=self._asking.page(project, "settings/repository"),
            repository=project,
            kind=kind,
            target=target,
            changed_after_at=moment_or_none(fields["changed_after_at"]),
            changed_before_at=changed_before_at,
            **{**told, **lists},
        )


def _shown(refused: Mapping[str, Json]) -> dict[str, Json]:
    """What is told as missing: that there is no such file is an answer, not a refusal."""
    found = {name: each for name, each in refused.items() if not name.startswith("owners/")}
    owners = (each for name, each in refused.items() if name not in found)
    hidden = [each for each in owners if NO_SUCH_FILE not in each["what"].lower()]
    return {**found, **({"code_owners": hidden[0]} if hidden else {})}

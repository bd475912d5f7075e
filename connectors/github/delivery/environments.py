"""The stream of a repository's environments and who guards them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from connectors.answers.page import Header
from connectors.api.reader import Items
from connectors.github.api.survey import Survey
from connectors.github.api.surveyed import answers_of, only
from connectors.github.asking import Asking, row_id
from connectors.hosting.place import Place
from connectors.hosting.readable import readable
from connectors.hosting.reader import Reader
from connectors.interface import Cursor, Json
from data.model import Environment, Record


class Environments(Reader):
    """Reads environments; nothing tells when one changed, so all are compared."""

    kind: ClassVar[str] = "environments"
    entities: ClassVar[tuple[str, ...]] = ("environment", "gap")
    needs: ClassVar[str] = "Actions: read"
    blind: ClassVar[tuple[str, ...]] = ("DP-01", "DP-04")

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields all environments, if one is not what it was."""
        survey = Survey(self._asking.api, cursor, place.name, _counts)
        if survey.has_changed():
            survey.ask_list(
                "environments",
                f"repos/{place.name}/environments",
                items=lambda answer: answer["environments"],
            )
            yield survey.complete({"repository": place.name, "id": place.id})

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        repository = header["repository"]
        pages = answers_of(header, answers)["environments"]
        items = [item for page in pages for item in page["environments"]]
        yield from readable(
            self._asking, repository, "environment", items, lambda item: self._row(repository, item)
        )

    def _row(self, repository: str, item: Json) -> Environment:
        guarded = _guarded(item.get("protection_rules"))
        policy = item.get("deployment_branch_policy", {})
        return Environment(
            id=row_id(repository, "environment", item["name"]),
            source=self._asking.source,
            url=item.get("html_url") or self._asking.page(repository, "deployments"),
            repository=repository,
            name=item["name"],
            tier=None,
            reviewers=guarded.get("reviewers"),
            required_approvals=guarded.get("required_approvals"),
            is_self_approval_barred=guarded.get("is_self_approval_barred"),
            wait_minutes=guarded.get("wait_minutes"),
            is_limited_to_protected_branches=_is_limited(policy),
        )


def _guarded(rules: Sequence[Mapping[str, Json]] | None) -> Mapping[str, Json]:
    """What the rules of an environment ask for; nothing is known where none are told."""
    if rules is None:
        return {}
    by_type = {rule["type"]: rule for rule in rules}
    review = by_type.get("required_reviewers")
    return {
        "reviewers": tuple(_names(review.get("reviewers") or ())) if review else (),
        "required_approvals": 1 if review else 0,
        "is_self_approval_barred": review.get("prevent_self_review") if review else False,
        "wait_minutes": by_type.get("wait_timer", {}).get("wait_timer", 0),
    }


def _names(reviewers: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    for told in reviewers:
        who = told["reviewer"]
        if told["type"] == "Team":
            yield f"Team:{who['slug']}"
        elif who:  # a deleted account is null
            yield who["login"]


def _is_limited(policy: Mapping[str, Json] | None) -> bool | None:
    """Whether only protected branches may be deployed.

    Patterns of its own may name protected branches or others: that is not known here.
    """
    if policy is None:
        return False
    return True if policy.get("protected_branches") else None


def _counts(_name: str, answer: Json) -> Json:
    environments = answer.get("environments") if isinstance(answer, dict) else None
    return only(environments, "name", "protection_rules", "deployment_branch_policy")

"""The sets of rules that GitHub tells of a branch and of tags: classic protection and rulesets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from connectors.github.governance.rules_in_force import UNKNOWN, Layer, Rules
from connectors.interface import Json

_ROLES = {2: "maintain", 4: "write", 5: "admin"}
"""GitHub's own roles by their id, which is all that a ruleset tells."""
_ADMIN = "RepositoryRole:admin"
_ALL_TAGS = frozenset({"~ALL", "*", "**", "**/*"})

EVERY_TAG = "*"


def classic_layer(told: Mapping[str, Json]) -> Layer:
    """Classic protection of a branch."""
    review = told.get("required_pull_request_reviews")
    checks = told.get("required_status_checks")
    limits = told.get("restrictions")
    rules = Rules(
        **({} if review is None else _review_rules(review)),
        required_checks=frozenset() if checks is None else _classic_checks(checks),
        is_up_to_date_required=False if checks is None else checks.get("strict"),
        is_conversation_resolution_required=_switch(told, "required_conversation_resolution"),
        is_force_push_allowed=_switch(told, "allow_force_pushes"),
        is_deletion_allowed=_switch(told, "allow_deletions"),
        is_signature_required=_switch(told, "required_signatures"),
        is_linear_required=_switch(told, "required_linear_history"),
        is_merge_queue_required=None,  # classic protection has one too, and does not tell
        push_actors=frozenset(_accounts(limits)) if limits else None,
    )
    is_admin_bound = _switch(told, "enforce_admins")
    passing = (review or {}).get("bypass_pull_request_allowances") or {}
    actors = {*_accounts(passing), *(() if is_admin_bound else (_ADMIN,))}
    return Layer(rules, None if is_admin_bound is None else frozenset(actors))


def hidden_classic_layer(branch: Mapping[str, Json]) -> Layer:
    """Classic protection for one who may not read it: the branch itself names its checks."""
    checks = (branch.get("protection") or {}).get("required_status_checks") or {}
    named = _classic_checks(checks)
    return replace(UNKNOWN, rules=replace(UNKNOWN.rules, required_checks=named or None))


def ruleset_layers(
    rules: Iterable[Mapping[str, Json]], rulesets: Mapping[int, Mapping[str, Json] | None]
) -> Iterator[Layer]:
    """A layer for each ruleset that the active rules of a branch name.

    Args:
        rules: those of the branch, of its repository and of its organisation.
        rulesets: by their ids; null where one is hidden.
    """
    by_ruleset: dict[Json, list[Mapping[str, Json]]] = {}
    for rule in rules:
        by_ruleset.setdefault(rule.get("ruleset_id"), []).append(rule)
    for number, own in by_ruleset.items():
        ruleset = rulesets.get(number)
        if is_active(ruleset or {}):
            yield ruleset_layer(own, ruleset)


def ruleset_layer(rules: Sequence[Mapping[str, Json]], ruleset: Mapping[str, Json] | None) -> Layer:
    """The rules of one ruleset; who may pass them by is told with the right to change it alone."""
    told = (ruleset or {}).get("bypass_actors")
    actors = None if told is None else frozenset(map(_actor, told))
    by_type = {rule["type"]: rule.get("parameters") or {} for rule in rules}
    request = by_type.get("pull_request")
    checks = by_type.get("required_status_checks")
    return Layer(
        Rules(
            **({} if request is None else _request_rules(request)),
            required_checks=_required(by_type),
            is_up_to_date_required=(
                False if checks is None else checks.get("strict_required_status_checks_policy")
            ),
            is_force_push_allowed="non_fast_forward" not in by_type,
            is_deletion_allowed="deletion" not in by_type,
            is_signature_required="required_signatures" in by_type,
            is_linear_required="required_linear_history" in by_type,
            is_merge_queue_required="merge_queue" in by_type,
            push_actors=actors if "update" in by_type else None,
        ),
        actors,
    )


def tag_layers(rulesets: Iterable[Mapping[str, Json]]) -> Mapping[str, Sequence[Layer]]:
    """The layers in force for each pattern of tags; those for every tag are in force for all."""
    found: dict[str, list[Layer]] = {EVERY_TAG: []}
    for ruleset in rulesets:
        layer = ruleset_layer(ruleset.get("rules") or (), ruleset)
        for pattern in _patterns(ruleset):
            found.setdefault(pattern, []).append(layer)
    for_all = found[EVERY_TAG]
    return {
        pattern: layers if pattern == EVERY_TAG else [*layers, *for_all]
        for pattern, layers in found.items()
    }


def is_for_tags(ruleset: Mapping[str, Json]) -> bool:
    """Whether it protects tags."""
    return ruleset.get("target") == "tag" and is_active(ruleset)


def is_active(ruleset: Mapping[str, Json]) -> bool:
    """Whether it protects: one that only evaluates does not."""
    return bool(ruleset.get("enforcement", "active") == "active")


def is_administrator(actor: str) -> bool:
    """Whether administrators are among those of a name: they have every role's rights."""
    return actor.startswith(("RepositoryRole:", "OrganizationAdmin", "Enterprise"))


def _review_rules(review: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "is_request_required": True,
        "required_approvals": review.get("required_approving_review_count"),
        "is_stale_approval_dismissed": review.get("dismiss_stale_reviews"),
        "is_last_push_approval_required": review.get("require_last_push_approval"),
        "is_code_owner_required": review.get("require_code_owner_reviews"),
    }


def _request_rules(parameters: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "is_request_required": True,
        "required_approvals": parameters.get("required_approving_review_count"),
        "is_stale_approval_dismissed": parameters.get("dismiss_stale_reviews_on_push"),
        "is_last_push_approval_required": parameters.get("require_last_push_approval"),
        "is_code_owner_required": parameters.get("require_code_owner_review"),
        "is_conversation_resolution_required": parameters.get("required_review_thread_resolution"),
    }


def _required(by_type: Mapping[str, Mapping[str, Json]]) -> frozenset[str] | None:
    """Names of checks, and files of workflows, that must have passed; null if not all are told."""
    checks = by_type.get("required_status_checks", {"required_status_checks": ()})
    workflows = by_type.get("workflows", {"workflows": ()})
    named, files = checks.get("required_status_checks"), workflows.get("workflows")
    if named is None or files is None:
        return None
    return frozenset([*(each["context"] for each in named), *(each["path"] for each in files)])


def _classic_checks(told: Mapping[str, Json]) -> frozenset[str] | None:
    if "contexts" not in told and "checks" not in told:
        return None
    named = [check["context"] for check in told.get("checks") or ()]
    return frozenset([*named, *(told.get("contexts") or ())])


def _switch(told: Mapping[str, Json], name: str) -> bool | None:
    """Whether something is switched on; null if the key is not there."""
    value = told.get(name)
    enabled = value.get("enabled") if isinstance(value, dict) else None
    return enabled if isinstance(enabled, bool) else None


def _accounts(told: Mapping[str, Json]) -> Iterator[str]:
    yield from (user["login"] for user in told.get("users") or ())
    yield from (f"Team:{team['slug']}" for team in told.get("teams") or ())
    yield from (f"Integration:{app['slug']}" for app in told.get("apps") or ())


def _actor(told: Mapping[str, Json]) -> str:
    kind, number = told["actor_type"], told.get("actor_id")
    if kind == "RepositoryRole":
        return f"{kind}:{_ROLES.get(number or 0, number)}"
    return kind if number is None or kind == "OrganizationAdmin" else f"{kind}:{number}"


def _patterns(ruleset: Mapping[str, Json]) -> Iterator[str]:
    names = (ruleset.get("conditions") or {}).get("ref_name") or {}
    left_out = [name.removeprefix("refs/tags/") for name in names.get("exclude") or ()]
    for name in names.get("include") or ():
        pattern = name.removeprefix("refs/tags/")
        pattern = EVERY_TAG if pattern in _ALL_TAGS else pattern
        yield f"{pattern} except {', '.join(left_out)}" if left_out else pattern

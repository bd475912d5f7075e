"""The protection of a project as one look shows it, and what changed since the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from connectors.answers.page import Header
from connectors.gitlab.api.daily import answers_of
from connectors.gitlab.governance.branch_rules import (
    NO_DEMANDS,
    approving,
    matches,
    merging,
    of_tag,
    pushing,
)
from connectors.interface import Json

State = Mapping[str, Mapping[str, Json]]
"""By `branch/<name>` or `tag/<pattern>`: the fields of a `Protection`, JSON-able."""

EVERY_TAG = "*"
NO_SUCH_FILE = "file not found"
"""What GitLab says where there is no file; where files are hidden it says something else."""
_RULES = (
    "is_protected",
    "is_request_required",
    "required_approvals",
    "is_stale_approval_dismissed",
    "is_last_push_approval_required",
    "is_code_owner_required",
    "is_conversation_resolution_required",
    "required_checks",
    "is_up_to_date_required",
    "is_force_push_allowed",
    "is_deletion_allowed",
    "is_signature_required",
    "is_linear_required",
    "is_merge_queue_required",
    "is_admin_bound",
    "bypass_actors",
    "push_actors",
    "has_code_owners",
    "code_owner_errors",
)
_UNPROTECTED_TAG: Mapping[str, Json] = {
    **NO_DEMANDS,
    "is_protected": False,
    "is_force_push_allowed": True,
    "is_deletion_allowed": True,
    "is_admin_bound": False,
    "bypass_actors": [],
}


def seen(header: Header, answers: Sequence[Json]) -> State:
    """The rules in force, as the answers of a page show them."""
    said = answers_of(header, answers)
    branch = header["branch"]
    return {f"branch/{branch}": _branch(header, said, branch), **_tags(said.get("tags"))}


def told_since(now: State, header: Header) -> State:
    """The state with the times between which each part of it became what it is.

    Tags that no rule names any more are told as unprotected.
    """
    before: State = header["before"]
    is_hidden = "tags" in header["refused"]
    left = [key for key in before if key.startswith("tag/") and key not in now]
    gone = dict.fromkeys(left, _fields({} if is_hidden else _UNPROTECTED_TAG))
    return {
        key: {**fields, **_times(fields, before.get(key), header)}
        for key, fields in {**now, **gone}.items()
    }


def _times(
    fields: Mapping[str, Json], before: Mapping[str, Json] | None, header: Header
) -> Mapping[str, Json]:
    if before is not None and fields.items() <= before.items():
        return {name: before[name] for name in ("changed_after_at", "changed_before_at")}
    return {"changed_after_at": header["before_at"], "changed_before_at": header["read_at"]}


def _branch(header: Header, said: Mapping[str, Json], branch: str) -> dict[str, Json]:
    rules = said.get("branches")
    own = None if rules is None else [rule for rule in rules if matches(rule["name"], branch)]
    pushed = pushing(own, (said.get("branch") or {}).get("protected"))
    approved = approving(
        said.get("approval_rules"),
        said.get("approvals"),
        branch,
        is_protected=pushed["is_protected"],
    )
    return _fields(
        {
            **pushed,
            **merging(said["settings"]),
            **approved,
            "is_deletion_allowed": False,  # GitLab lets nobody delete the default branch
            "is_signature_required": _is_signature_required(said),
            "has_code_owners": _has_code_owners(header, said),
        }
    )


def _tags(rules: Sequence[Mapping[str, Json]] | None) -> dict[str, Json]:
    if rules is None:
        return {f"tag/{EVERY_TAG}": _fields({})}
    every = {f"tag/{EVERY_TAG}": _fields(_UNPROTECTED_TAG)}
    return {**every, **{f"tag/{rule['name']}": _fields(of_tag(rule)) for rule in rules}}


def _is_signature_required(said: Mapping[str, Json]) -> bool | None:
    """Whether commits must be signed; a project without push rules is told as null."""
    if "push_rule" not in said:
        return None
    rule = said["push_rule"]
    return False if rule is None else rule.get("reject_unsigned_commits")


def _has_code_owners(header: Header, said: Mapping[str, Json]) -> bool | None:
    names = [name for name in (*said, *header["refused"]) if name.startswith("owners/")]
    if any(name in said for name in names):
        return True
    missing = [header["refused"][name] == HTTPStatus.NOT_FOUND for name in names]
    return False if missing and all(missing) and not header["is_code_hidden"] else None


def _fields(told: Mapping[str, Json]) -> dict[str, Json]:
    return {name: told.get(name) for name in _RULES}

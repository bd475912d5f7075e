"""What happens on GitLab, told by functions that change the world; every time is given."""

from __future__ import annotations

from tests.doubles.gitlab.story.changes import (
    close_merge_request,
    force_push,
    label_merge_request,
    mark_draft,
    mark_ready,
    merge_target_into,
    open_merge_request,
    push_to,
    rebase,
    unlabel_merge_request,
)
from tests.doubles.gitlab.story.ci import (
    add_job,
    retry,
    retry_job,
    run,
    run_for,
    trigger,
)
from tests.doubles.gitlab.story.delivery import (
    decide,
    deploy,
    environment,
    finish,
    guard,
)
from tests.doubles.gitlab.story.issues import (
    close,
    label,
    open_incident,
    open_issue,
    reopen,
    unlabel,
)
from tests.doubles.gitlab.story.merging import (
    merge,
    merge_by_train,
)
from tests.doubles.gitlab.story.place import (
    archive,
    delete_account,
    issue_token,
    join,
    move,
    protect,
    rename,
)
from tests.doubles.gitlab.story.pushing import (
    commit,
    publish,
    push,
    tag,
)
from tests.doubles.gitlab.story.reviewing import (
    approve,
    comment,
    request_changes,
    unapprove,
)

__all__ = [
    "add_job",
    "approve",
    "archive",
    "close",
    "close_merge_request",
    "comment",
    "commit",
    "decide",
    "delete_account",
    "deploy",
    "environment",
    "finish",
    "force_push",
    "guard",
    "issue_token",
    "join",
    "label",
    "label_merge_request",
    "mark_draft",
    "mark_ready",
    "merge",
    "merge_by_train",
    "merge_target_into",
    "move",
    "open_incident",
    "open_issue",
    "open_merge_request",
    "protect",
    "publish",
    "push",
    "push_to",
    "rebase",
    "rename",
    "reopen",
    "request_changes",
    "retry",
    "retry_job",
    "run",
    "run_for",
    "tag",
    "trigger",
    "unapprove",
    "unlabel",
    "unlabel_merge_request",
]

"""What happens on GitHub, told by functions that change the world; every time is given."""

from __future__ import annotations

from tests.doubles.github.story.actions import finish, rerun, run
from tests.doubles.github.story.delivery import deploy, guard, publish, report, tag
from tests.doubles.github.story.issues import close, label, open_issue, reopen, unlabel
from tests.doubles.github.story.merging import (
    close_pull,
    merge,
    merge_through_queue,
    rebase_merge,
    squash_merge,
)
from tests.doubles.github.story.place import archive, delete_account, rename, transfer
from tests.doubles.github.story.pulls import (
    convert_to_draft,
    force_push,
    mark_ready,
    open_pull,
    push_to,
)
from tests.doubles.github.story.pushing import check, push, set_status
from tests.doubles.github.story.reviewing import (
    approve,
    comment,
    dismiss,
    request_changes,
    review,
)

__all__ = [
    "approve",
    "archive",
    "check",
    "close",
    "close_pull",
    "comment",
    "convert_to_draft",
    "delete_account",
    "deploy",
    "dismiss",
    "finish",
    "force_push",
    "guard",
    "label",
    "mark_ready",
    "merge",
    "merge_through_queue",
    "open_issue",
    "open_pull",
    "publish",
    "push",
    "push_to",
    "rebase_merge",
    "rename",
    "reopen",
    "report",
    "request_changes",
    "rerun",
    "review",
    "run",
    "set_status",
    "squash_merge",
    "tag",
    "transfer",
    "unlabel",
]

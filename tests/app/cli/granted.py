"""A small organisation with rights that can be reviewed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data.model import MemberAccess, Record, Repository, Service
from tests.app.organisation import UNTIL, publish_into
from tests.data.published import at, repository

CONFIGURATION = """\
[[team]]
name = "shops"

[[team]]
name = "web"
parent = "shops"
owns = ["repo:shop-*", "service:shop"]

[waivers]
most_days = { emergency = 7 }

[[source]]
name = "test"
kind = "demo"
"""


def right(subject: str, scope: str, **fields: Any) -> MemberAccess:
    """A right of an account of which little is told."""
    usual: dict[str, Any] = {
        "id": f"test:{subject}@{scope}",
        "source": "test",
        "url": None,
        "kind": "member",
        "role": "write",
        "is_admin": None,
        "is_read_only": None,
        "has_two_factor": None,
        "created_at": None,
        "expires_at": None,
        "last_used_at": None,
    }
    return MemberAccess(subject=subject, scope=scope, **{**usual, **fields})


RIGHTS = (
    right("m.alder", "shop-web", has_two_factor=True, last_used_at=at("2026-10-20")),
    right("k.linden", "shop-web", role="admin", has_two_factor=False),
    right("deploy", "shop-app", kind="deploy_key", role=None),
    right("t.rowan", "acme", role="owner"),
)


def _things() -> list[Repository | Service]:
    shop = Service(id="test:service/shop", source="test", url=None, name="shop", repository=None)
    return [repository("shop-web"), repository("shop-app"), repository("tools"), shop]


def publish_rights(
    folder: Path, rights: tuple[MemberAccess, ...] = RIGHTS, until: str = UNTIL
) -> None:
    """Publishes the organisation with some rights, as they were at a time."""
    rows: list[Record] = [*_things(), *rights]
    publish_into(folder, rows, CONFIGURATION, until)

"""The audit trail's log: who signs it, where its checkpoints go, how long events are kept."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from data.configuration.section import Section

Days = Annotated[int, Field(ge=1, le=100_000)]
Kinds = Annotated[str, Field(pattern=r"^[a-z0-9_.*?]+$")]


class LedgerSettings(Section):
    """The tamper-evident log of events."""

    model_config = ConfigDict(hide_input_in_errors=True)

    origin: str = Field(
        "cairn/ledger",
        pattern=r"^[^\s+]+$",
        max_length=200,
        description="name of the log in checkpoints and of its key, best an address of yours "
        "without `https://`; it cannot change once the log has begun",
    )
    key: str | None = Field(
        None,
        pattern=r"^(env:[A-Za-z_]\w*|file:.+)$",
        description="where the private key is, `file:PATH` or `env:NAME`; without, "
        "`ledger/ledger.key` is made at first use",
    )
    copies: tuple[str, ...] = Field(
        (), description="folders that each checkpoint is copied to, best on other machines"
    )
    git: str | None = Field(
        None, description="folder in a Git repository that each checkpoint is committed to"
    )
    retention: dict[Kinds, Days] = Field(
        {},
        description="days that events are kept, by kind (`*` and `?`); first match wins; what none "
        "matches is kept for ever",
    )

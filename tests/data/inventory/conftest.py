"""The stories of facts, for what is asked of them."""

from __future__ import annotations

from tests.data.facts.conftest import story

__all__ = ["story"]

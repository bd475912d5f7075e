"""What is told of a file that is no bill."""

from __future__ import annotations

from data.errors import CairnError


class BillRefused(CairnError):
    """A file cannot be read as a bill: none of it was taken."""

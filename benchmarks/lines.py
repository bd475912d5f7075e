"""How many lines of bills are measured: ten million, or as many as `CAIRN_BENCH_ROWS` says."""

from __future__ import annotations

import os

ROWS = int(os.environ.get("CAIRN_BENCH_ROWS", "10000000"))
MOST_ROWS_OF_CSV = 20_000_000
"""What is more would take tens of gigabytes of disk as CSV, and is measured as Parquet alone."""

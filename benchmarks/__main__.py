"""Runs all benchmarks: prints a table and writes `benchmarks/results.json`.

`python -m benchmarks publish` runs one of them. Exits 1 if a limit is not kept.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from benchmarks.figure import Figure

MODULES = (
    "publish",
    "delivery",
    "pages",
    "hosts",
    "registry",
    "orchestrator",
    "intake",
    "ledger",
    "bills",
    "allocation",
)
RESULTS = Path(__file__).parent / "results.json"


def main(arguments: Sequence[str]) -> int:
    """Runs the named benchmarks, or all; returns the exit code."""
    unknown = set(arguments) - set(MODULES)
    if unknown:
        print(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(MODULES)}")
        return 2
    figures: list[Figure] = []
    for name in arguments or MODULES:
        print(f"{name} …", file=sys.stderr, flush=True)
        figures += import_module(f"benchmarks.{name}").run()
    print(table(figures))
    rows = [asdict(figure) | {"is_kept": figure.is_kept} for figure in figures]
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0 if all(figure.is_kept for figure in figures) else 1


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text."""
    width = max((len(figure.name) for figure in figures), default=0)
    return "\n".join(
        f"{'kept  ' if f.is_kept else 'BROKEN'}  {f.name:{width}}  "
        f"{f.value:7.2f} {f.unit:3} (at most {f.limit:g})  {f.detail}"
        for f in figures
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""No test holds a day from before it ran: a run that passes midnight says what any other says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CLOCKS = ("now", "today", "utcnow", "time", "in_days")
KEPT = {"connectors/prometheus/past.py"}
"""A past that is written out; its readings look back further than it lies."""


def asked_on_import(node: ast.AST) -> Iterator[str]:
    """Clocks that are asked when a module is imported, each with its line."""
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.FunctionDef):
        for part in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            if part:
                yield from asked_on_import(part)
        return
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in CLOCKS:
            yield f"{name} in line {node.lineno}"
    for part in ast.iter_child_nodes(node):
        yield from asked_on_import(part)


def test_no_module_asks_a_clock_when_it_is_imported() -> None:
    asked = {
        f"{path.relative_to(TESTS)}: {found}"
        for path in TESTS.rglob("*.py")
        if str(path.relative_to(TESTS)) not in KEPT
        for found in asked_on_import(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert not asked


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("TODAY = datetime.now(UTC).date()", True),
        ("@parametrize('day', [date.today()])\ndef test_a(day): ...", True),
        ("def read(at=time()): ...", True),
        ("class A:\n    day = in_days(3)", True),
        ("def test_a():\n    assert today()", False),
        ("clock = lambda: datetime.now(UTC)", False),
    ],
)
def test_what_is_asked_on_import_is_seen(text: str, is_asked: bool) -> None:
    assert bool(list(asked_on_import(ast.parse(text)))) is is_asked

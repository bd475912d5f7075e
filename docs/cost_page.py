"""The page about costs: keys of the rules file, tables, drivers and checks."""

from __future__ import annotations

from pathlib import Path

from data.costs.allocation.activity import Activity
from data.costs.allocation.book import Book
from data.costs.allocation.pool import Pool
from data.costs.allocation.rule import Rule
from data.costs.checks import check_sql, checks
from data.costs.definition import cost_sql
from data.costs.drivers import IMPORTED, driver_sql, drivers
from data.costs.statement import as_kept
from data.costs.statement.settled import AS_KEPT
from docs.keys import key_table
from docs.said import comment, first_line
from docs.table import table

_NOTE = "<!-- Written by `python -m docs.reference`: change the declarations, not this page. -->\n"
_SQL = "../../data/costs/sql"
_FOLDER = Path(__file__).parents[1] / "data" / "costs" / "sql"


def cost_page() -> str:
    """The page as text."""
    parts = ["# Costs\n", _NOTE, *_rules(), *_tables(), *_drivers(), *_checks()]
    return "\n".join(parts)


def _rules() -> list[str]:
    lists = {"rule": Rule, "pool": Pool, "activity": Activity}
    parts = ["## The file of rules\n\nNamed by `rules` of `[cost]` in `cairn.toml`.\n"]
    parts.append(key_table(Book, but=lists))
    for name, model in lists.items():
        parts.append(f"### [[{name}]]\n\n{first_line(model)}\n\n{key_table(model)}")
    return parts


def _tables() -> list[str]:
    names = sorted(path.stem for path in _FOLDER.glob("*.sql"))
    rows = [(f"[{name}]({_SQL}/{name}.sql)", comment(cost_sql(name))) for name in names]
    return ["## Tables of a snapshot\n", table(("table", "one row"), rows)]


def _drivers() -> list[str]:
    rows = [
        (f"[{name}]({_SQL}/drivers/{name}.sql)", comment(driver_sql(name)))
        for name in (*drivers(), IMPORTED)
    ]
    return ["## Drivers\n", table(("driver", "one row"), rows)]


def _checks() -> list[str]:
    rows = [
        (f"[{name}]({_SQL}/checks/{name}.sql)", title, comment(check_sql(name)))
        for name, title in checks().items()
    ]
    path = "../../data/costs/statement/as_kept.py"
    rows.append(
        (
            f"[{as_kept.ID}]({path})",
            AS_KEPT,
            "One row is one closed month that is not. Asked anew whenever costs are shown.",
        )
    )
    return ["## Checks\n", table(("check", "what holds", "one row"), rows)]

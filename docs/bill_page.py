"""The page about bills: forms, rules and exports, as the files that declare them say it."""

from __future__ import annotations

from data.costs.bill.column import known
from data.costs.bill.form import Form, forms
from data.costs.bill.native.mapping import Export, View, exports
from data.costs.bill.rule import rules, telling
from docs.keys import key_table
from docs.table import table

_NOTE = "<!-- Written by `python -m docs.reference`: change the declarations, not this page. -->\n"
_FOLDER = "../../data/costs/bill"
_TOLD = {
    View.WHOLE: "Tells billed and effective cost.",
    View.BILLED: "Tells billed cost alone.",
    View.EFFECTIVE: "Tells effective cost alone.",
    View.ESTIMATE: "Estimates effective cost, and never tells billed cost.",
}


def bill_page() -> str:
    """The page as text."""
    parts = ["# Bills\n", _NOTE, *_forms(), *_rules(), "## Exports\n"]
    parts += [_export(export) for export in exports().values()]
    return "\n".join(parts)


def _forms() -> list[str]:
    names = ", ".join(f"`{name}`" for name in forms())
    said = f"## Forms\n\nThose that have a name are {names} ([forms.yaml]({_FOLDER}/forms.yaml)).\n"
    return [said, key_table(Form)]


def _rules() -> list[str]:
    newest = known().versions[-1]
    refusing = [(f"`{one.column}`", one.says) for one in rules() if one.refuses]
    told = [
        (f"`{one.id}`", f"`{one.column}`", one.says, one.since)
        for one in telling(list(known().columns), newest)
    ]
    essential = ", ".join(f"`{name}`" for name in known().essential)
    return [
        "## What a row is refused for\n",
        f"A value that is not of the type of its column, none in {essential}, and:\n",
        table(("column", "what"), refusing),
        "## What is told of rows that are taken\n",
        table(("rule", "column", "what", "since FOCUS"), told),
    ]


def _export(export: Export) -> str:
    needed = [read for read in export.reads.values() if read.is_needed]
    known_by = ", ".join(" or ".join(f"`{name}`" for name in read.called) for read in needed)
    cannot = table(("cannot tell", "why"), [(f"`{n}`", why) for n, why in export.cannot.items()])
    sources = "\n".join(f"- <{source}>" for source in export.sources)
    return (
        f"### {export.title}\n\n"
        f"[`{export.id}`]({_FOLDER}/native/{export.id}.yaml). {_TOLD[export.view]} "
        f"Known by {known_by}.\n\n{cannot}\nRead in:\n\n{sources}\n"
    )

"""SQL names of the values of an export, and pieces that look into JSON."""

from __future__ import annotations

from data.costs.bill.fragment import text_of, told_of, value_of


def own_text(name: str) -> str:
    """The SQL name of the text of a value of the export, apart from those of FOCUS."""
    return text_of(f"own {name}")


def own_cell(name: str) -> str:
    """The SQL name of such a value in the type that the file itself has."""
    return told_of(f"own {name}")


def own_value(name: str) -> str:
    """The SQL name of such a value in the type that it should have."""
    return value_of(f"own {name}")


def objects(text: str) -> str:
    """SQL of a list of JSON objects, null if the text is none."""
    listed = f"try_cast({valid_json(text)} as json[])"
    others = f"list_filter({listed}, lambda x: json_type(x) is distinct from 'OBJECT')"
    is_list = f"json_type({valid_json(text)}) = 'ARRAY'"
    return f"case when {is_list} and len({others}) = 0 then {listed} end"


def valid_json(text: str) -> str:
    """SQL of a text, null if it is no JSON."""
    return f"case when json_valid({text}) then {text} end"

"""The lines of bills that were read, as they lie in files of the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from data.store.quoting import quoted


def kept(paths: Sequence[Path]) -> str:
    """SQL with the lines of loads: `load`, `bill_row`, `bill_line`, `refused`, and their columns.

    `bill_row` is the number of the record in the file of the bill, the first after the head being
    1. Nearly always that is where the line lies, since lines are written in the order of the file,
    so only a load in which it is not has the number itself. `bill_line` is where the line lies,
    from 1: a record of an export may be several charges, and each has its own.

    Args:
        paths: at least one.
    """
    listed = ", ".join(f"'{quoted(path)}'" for path in paths)
    return f"""
        select
            parse_filename(filename, true) as load,
            coalesce(bill_row, file_row_number + 1) as bill_row,
            file_row_number + 1 as bill_line,
            * exclude (filename, file_row_number, bill_row)
        from (
            select cast(null as bigint) as bill_row where false
            union all by name
            select *
            from read_parquet(
                [{listed}], union_by_name = true, filename = true, file_row_number = true
            )
        )
    """

"""Repositories that have one name and are not one: what is told of them is mixed."""

from __future__ import annotations

from dataclasses import dataclass

from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Repositories of one name at different addresses."""

    repository: str
    sources: tuple[str, ...]
    urls: tuple[str, ...]


def namesakes(snapshot: Snapshot) -> tuple[Namesakes, ...]:
    """Names that sources give to repositories at different addresses, by name."""
    rows = snapshot.rows(
        """
        -- One row is one name with the sources and addresses of its repositories.
        select
            name as repository,
            list_sort(list_distinct(list(source))) as sources,
            list_sort(list_distinct(list(rtrim(lower(url), '/')))) as urls
        from repository
        where url is not null
        group by name
        having count(distinct rtrim(lower(url), '/')) > 1
        order by name
        """
    )
    return tuple(
        Namesakes(row["repository"], tuple(row["sources"]), tuple(row["urls"])) for row in rows
    )

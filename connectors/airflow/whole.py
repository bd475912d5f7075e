"""A list that is read as a whole each time, and told only if its rows are other than before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from connectors.airflow.lists import digest
from connectors.answers.page import write_page
from connectors.http.api import Api
from connectors.http.paging import PagedList
from connectors.interface import Batch, Cursor, Reading
from data.model import Record


def changed(
    listed: PagedList,
    api: Api,
    cursor: Cursor,
    rows: Callable[[bytes], Sequence[Record]],
) -> Iterator[Batch]:
    """Yields all pages, or none where they say what they said before.

    What a page says is what its rows say: Airflow notes in each DAG when it last looked at the
    file, every half minute.

    Args:
        listed: the list.
        api: the server.
        cursor: of the stream.
        rows: maps a page.
    """
    pages = list(listed.pages(api))
    payloads = [write_page({}, page.reply.body) for page in pages]
    is_one_state = not any(page.has_shifted for page in pages)
    state = digest([repr(rows(payload)) for payload in payloads]) if is_one_state else None
    if state is not None and cursor.get("state") == state:
        return
    for number, (page, payload) in enumerate(zip(pages, payloads, strict=True)):
        after = {"state": state} if page.is_last else {"state": None}
        yield Batch(payload, after, Reading.COMPLETE, page.is_last, is_first=number == 0)

"""Pages of bills: what one file came to. Its lines lie in the store, under the name `load`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from connectors.bills.settings import BillSettings
from data.costs.loads import Load
from data.model import Bill, BillPart, Gap, GapReason, Record

MOST_SHOWN = 5


def write_page(
    name: str, unit: str, sha256: str, written_at: datetime, settings: BillSettings, load: Load
) -> bytes:
    """The page of a file that was read."""
    found = load.found
    form = settings.form if isinstance(settings.form, str) else "its own"
    page = {
        "name": name,
        "unit": unit,
        "sha256": sha256,
        "load": load.name,
        "written_at": written_at,
        "form": form,
        "delivery": settings.delivery,
        "version": found.version,
        "view": found.view,
        "rows": found.rows,
        "taken": found.taken,
        "parts": [asdict(part) for part in found.parts],
        "refused": [asdict(refused) for refused in found.refused[:MOST_SHOWN]],
    }
    return json.dumps(page, sort_keys=True, default=_plain).encode()


def page_rows(source: str, payload: bytes) -> Iterator[Record]:
    """The records of a page."""
    page = json.loads(payload)
    id_ = f"bills:{source}#{page['name']}"
    yield Bill(
        id=id_,
        source=source,
        name=page["name"],
        sha256=page["sha256"],
        load=page["load"],
        version=page["version"],
        view=page["view"],
        form=page["form"],
        delivery=page["delivery"],
        unit=page["unit"],
        written_at=datetime.fromisoformat(page["written_at"]),
        rows=page["rows"],
        taken=page["taken"],
    )
    for number, part in enumerate(page["parts"]):
        yield BillPart(
            id=f"{id_}/{number}",
            source=source,
            bill=id_,
            account=part["account"],
            from_at=datetime.fromisoformat(part["from_at"]),
            until_at=datetime.fromisoformat(part["until_at"]),
            invoice=part["invoice"],
            currency=part["currency"],
            rows=part["rows"],
            billed_cost=_amount(part["billed_cost"]),
            effective_cost=_amount(part["effective_cost"]),
        )
    if page["rows"] > page["taken"]:
        yield _gap(source, page)


def _gap(source: str, page: dict[str, Any]) -> Gap:
    count = page["rows"] - page["taken"]
    return Gap(
        id=f"bills:{source}#gap/{page['name']}",
        source=source,
        reason=GapReason.UNREADABLE,
        what=f"{page['name']}: {count:,} rows cannot be counted, so sums lack them; "
        + "; ".join(_reason(one) for one in page["refused"][:MOST_SHOWN]),
        fix=f"see all with `cairn cost check {page['name']}`, and mend the bill or set its `form`",
        count=count,
    )


def _reason(refused: dict[str, Any]) -> str:
    return f"row {refused['row']}: {refused['column'] or 'the line'} {refused['why']}"


def _amount(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"cannot write {type(value).__name__}")

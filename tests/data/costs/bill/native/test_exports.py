"""Exports of providers: known by their columns, and read as strictly as FOCUS."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from data.costs.bill.column import known
from data.costs.bill.examining import examine
from data.costs.bill.native.mapping import Export, View, exports
from tests.data.costs.bill.bills import bill, line
from tests.data.costs.bill.native.exports import AWS, AZURE, GCP, RESERVED, changed
from tests.data.costs.bill.native.taken import FORM


@pytest.mark.parametrize("export", exports().values(), ids=lambda export: export.id)
def test_each_says_where_it_was_read_and_why_it_cannot_tell(export: Export) -> None:
    assert all(source.startswith("https://") for source in export.sources)
    assert export.view is View.WHOLE or export.view.lacks in export.cannot
    assert all(why[-1] != "." for why in export.cannot.values())


def test_a_mapping_that_names_what_it_does_not_read_is_no_mapping() -> None:
    told = exports()["gcp_billing"].model_dump()
    told["gives"] = {**told["gives"], "BilledCost": "price"}
    with pytest.raises(ValidationError, match="reads nowhere price"):
        Export.model_validate(told)
    del told["gives"]["BilledCost"]
    with pytest.raises(ValidationError, match="gives nothing for BilledCost"):
        Export.model_validate(told)


@pytest.mark.parametrize(
    ("row", "column", "written", "why"),
    [
        (changed(AWS, UnblendedCost="$1.00"), "lineItem/UnblendedCost", "$1.00", "is no number"),
        (changed(AWS, UsageStartDate="5/1/26"), "lineItem/UsageStartDate", "5/1/26",
         "is no point in time"),
        (changed(AWS, LineItemType="Gift"), "ChargeCategory", None,
         "is told by nothing in this record"),
        (changed(AWS, LineItemType="DiscountedUsage"), "EffectiveCost", None,
         "is told by nothing in this record"),
        (changed(AZURE, CostInBillingCurrency="1,25") | RESERVED, "CostInBillingCurrency", "1,25",
         "is no number"),
        (changed(AZURE, Date="31/01/2026") | RESERVED, "Date", "31/01/2026", "is no point in time"),
        (changed(AZURE, Tags="pay") | RESERVED, "Tags", "{pay}", "is no JSON object"),
        (changed(GCP, credits="[{'name': 'x'}]"), "credits", "[{'name': 'x'}]",
         "is no JSON list of objects"),
        (changed(GCP, credits='[{"name": "x", "amount": "many"}]'), "credits.amount", "many",
         "is no number"),
        (changed(GCP, month="2026-01"), "BillingPeriodStart", None,
         "is told by nothing in this record"),
        (changed(GCP, currency="euro"), "BillingCurrency", "EURO",
         "is no currency code of three letters (ISO 4217)"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_counted_is_refused_by_its_number(
    tmp_path: Path, row: dict[str, str], column: str, written: str | None, why: str
) -> None:
    sound = next(one for one in (AWS, AZURE | RESERVED, GCP) if one.keys() == row.keys())
    found = examine(bill(tmp_path, sound, row, sound), FORM)
    assert (found.refused_rows, {one.row for one in found.refused}) == (1, {2})
    assert (column, written, why) in [(o.column, o.written, o.why) for o in found.refused]


def test_focus_goes_before_an_export(tmp_path: Path) -> None:
    row = {**AZURE, **{name: value for name, value in line().items() if name not in AZURE}}
    row["BillingAccountId"] = "account-1"
    assert examine(bill(tmp_path, row), FORM).version in known().versions

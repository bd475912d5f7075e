"""Exports of providers: known by their columns, read as strictly as FOCUS, and told as it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import ValidationError

from data.costs.bill.column import known
from data.costs.bill.examined import Examined
from data.costs.bill.examining import examine, read_bill
from data.costs.bill.form import Form
from data.costs.bill.kept import kept
from data.costs.bill.native.mapping import Export, View, exports
from data.costs.bill.refusal import BillRefused
from tests.data.costs.bill.bills import bill, line
from tests.data.costs.bill.native.exports import AWS, AZURE, GCP, allocation, changed, snake

FORM = Form()
RESERVED = {"ReservationId": "r-1", "PricingModel": "Reservation"}


def sums(found: Examined) -> dict[str, Decimal | None]:
    return {total.amount: total.sum for total in found.totals}


def lines(folder: Path, path: Path, columns: str, form: Form = FORM) -> list[tuple[Any, ...]]:
    read_bill(path, form, folder / "lines.parquet")
    source = kept([folder / "lines.parquet"])
    query = f"select {columns} from ({source}) order by bill_row, ChargeCategory"
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(query).fetchall()


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


def aws_rows() -> list[dict[str, str]]:
    return [
        AWS,
        changed(AWS, LineItemType="DiscountedUsage", UnblendedCost="0", ReservationARN="ri",
                **{"reservation/EffectiveCost": "0.2"}),
        changed(AWS, LineItemType="RIFee", UnblendedCost="7", ReservationARN="ri",
                UnusedRecurringFee="1.5", UnusedAmortizedUpfrontFeeForBillingPeriod="0.25"),
        changed(AWS, LineItemType="SavingsPlanCoveredUsage", UnblendedCost="3",
                SavingsPlanARN="sp", SavingsPlanEffectiveCost="1.75"),
        changed(AWS, LineItemType="SavingsPlanNegation", UnblendedCost="-3", SavingsPlanARN="sp"),
        changed(AWS, LineItemType="SavingsPlanRecurringFee", UnblendedCost="2",
                SavingsPlanARN="sp", TotalCommitmentToDate="2", UsedCommitment="1.75"),
        changed(AWS, LineItemType="Tax", UnblendedCost="1.1"),
        changed(AWS, LineItemType="Credit", UnblendedCost="-4"),
    ]  # fmt: skip


@pytest.mark.parametrize("spelling", [dict, snake])
def test_the_aws_report_tells_what_is_paid_and_what_use_costs(
    tmp_path: Path, spelling: Any
) -> None:
    found = examine(bill(tmp_path, *map(spelling, aws_rows())), FORM)
    assert (found.version, found.view, found.refused) == ("aws_cur", View.WHOLE, ())
    assert sums(found)["BilledCost"] == Decimal("0.5") + 7 + 2 + Decimal("1.1") - 4
    used = ("0.5", "0.2", "1.75", "1.75", "0.25", "1.1", "-4")
    assert sums(found)["EffectiveCost"] == sum(map(Decimal, used))
    assert not found.told


def test_what_a_commitment_leaves_unused_is_a_charge_of_its_own(tmp_path: Path) -> None:
    path = bill(tmp_path, *aws_rows())
    columns = "bill_row, ChargeCategory, CommitmentDiscountStatus, BilledCost, EffectiveCost"
    found = lines(tmp_path, path, columns)
    assert [row for row in found if row[0] == 3] == [
        (3, "Purchase", None, 7, 0),
        (3, "Usage", "Unused", 0, Decimal("1.75")),
    ]
    assert [row[0] for row in found] == [1, 2, 3, 3, 4, 5, 6, 6, 7, 8]


def test_tags_of_aws_are_columns_or_a_map(tmp_path: Path) -> None:
    path = bill(tmp_path, AWS, changed(AWS, **{"user:team": 'a "b"', "aws:createdBy": "me"}))
    assert [json.loads(tags) for (tags,) in lines(tmp_path, path, "Tags")] == [
        {"team": "pay"},
        {"team": 'a "b"', "aws:createdBy": "me"},
    ]
    newer = {name: value for name, value in snake(AWS).items() if "tags" not in name}
    newer["resource_tags"] = '{"user_team": "pay", "user_note": "user_1"}'
    (tags,) = lines(tmp_path, bill(tmp_path, newer), "Tags")
    assert json.loads(tags[0]) == {"team": "pay", "note": "user_1"}


def test_savings_plans_that_do_not_take_back_what_they_cover_are_told(tmp_path: Path) -> None:
    rows = [row for row in aws_rows() if row["lineItem/LineItemType"] != "SavingsPlanNegation"]
    found = examine(bill(tmp_path, *rows), FORM)
    assert [one.rule for one in found.told] == ["aws-negation"]


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


ACTUAL = [
    AZURE,
    AZURE | RESERVED | {"ChargeType": "Purchase", "CostInBillingCurrency": "30"},
    AZURE | RESERVED | {"CostInBillingCurrency": "0"},
]
AMORTISED = [
    AZURE,
    AZURE | RESERVED | {"CostInBillingCurrency": "0.75"},
    AZURE | RESERVED | {"ChargeType": "UnusedReservation", "CostInBillingCurrency": "0.25"},
]


def mca(row: dict[str, str]) -> dict[str, str]:
    """The spelling of the other agreement."""
    named = {name[0].lower() + name[1:]: value for name, value in row.items()}
    named["billingCurrency"] = named.pop("billingCurrencyCode")
    return {**named, "billingProfileId": "profile-1", "tags": '{"team": "pay"}'}


@pytest.mark.parametrize("spelling", [dict, mca])
@pytest.mark.parametrize(
    ("rows", "version", "amount", "lacks"),
    [
        (ACTUAL, "azure_actual", {"BilledCost": Decimal("31.25")}, "EffectiveCost"),
        (AMORTISED, "azure_amortised", {"EffectiveCost": Decimal("2.25"), "ListCost": None},
         "BilledCost"),
    ],
)  # fmt: skip
def test_azure_tells_one_amount_and_the_other_is_unknown(
    tmp_path: Path,
    rows: list[dict[str, str]],
    version: str,
    amount: dict[str, Decimal],
    lacks: str,
    spelling: Any,
) -> None:
    found = examine(bill(tmp_path, *map(spelling, rows)), FORM)
    assert (found.version, found.refused) == (version, ())
    assert sums(found) == amount
    assert lacks in found.missing
    (part,) = found.parts
    assert (part.billed_cost is None) == (lacks == "BilledCost")
    assert part.from_at.isoformat() == "2026-01-01T00:00:00+00:00"
    assert part.until_at.isoformat() == "2026-02-01T00:00:00+00:00"


def test_tags_of_azure_come_with_braces_or_without(tmp_path: Path) -> None:
    path = bill(tmp_path, *ACTUAL)
    assert {tags for (tags,) in lines(tmp_path, path, "Tags")} == {'{"team": "pay","env": "prod"}'}


def test_a_view_that_no_row_tells_is_told_by_the_path_or_must_be_said(tmp_path: Path) -> None:
    path = bill(tmp_path, AZURE)
    with pytest.raises(BillRefused, match="may be Azure actual cost or Azure amortised cost"):
        examine(path, FORM)
    assert examine(path, Form(export="azure_amortised")).version == "azure_amortised"
    (tmp_path / "ActualCost" / "20260101-20260131").mkdir(parents=True)
    named = path.rename(tmp_path / "ActualCost" / "20260101-20260131" / "part_0.csv")
    assert examine(named, FORM).version == "azure_actual"


def test_what_was_said_and_is_not_so_is_refused(tmp_path: Path) -> None:
    path = bill(tmp_path, *AMORTISED)
    with pytest.raises(BillRefused, match="is Azure amortised cost by its rows"):
        examine(path, Form(export="azure_actual"))
    with pytest.raises(BillRefused, match="has no column bill/PayerAccountId"):
        examine(path, Form(export="aws_cur"))


CREDITS = (
    '[{"name": "promised", "amount": -0.5, "type": "DISCOUNT"}, {"name": "b", "amount": -1e-1}]'
)


def test_credits_of_google_are_charges_of_their_own(tmp_path: Path) -> None:
    path = bill(tmp_path, changed(GCP, credits=CREDITS), GCP)
    found = examine(path, FORM)
    assert (found.version, found.rows, found.taken) == ("gcp_billing", 4, 4)
    assert sums(found)["BilledCost"] == sums(found)["EffectiveCost"] == Decimal("4.4")
    told = lines(tmp_path, path, "bill_row, ChargeCategory, BilledCost, ChargeDescription, Tags")
    assert [row[:4] for row in told] == [
        (1, "Credit", Decimal("-0.5"), "promised"),
        (1, "Credit", Decimal("-0.1"), "b"),
        (1, "Usage", Decimal("2.5"), "hours of a small machine"),
        (2, "Usage", Decimal("2.5"), "hours of a small machine"),
    ]
    assert {row[4] for row in told} == {'{"team":"pay","project/unit":"quay"}'}


def test_google_as_nested_parquet_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "bill.parquet"
    duckdb.sql(
        f"""
        copy (
            select
                'AAAAAA-BBBBBB-CCCCCC' as billing_account_id,
                {{'id': '1', 'description': 'Compute Engine'}} as service,
                {{'id': '2', 'description': 'hours'}} as sku,
                timestamptz '2026-01-05 00:00:00Z' as usage_start_time,
                timestamptz '2026-01-05 01:00:00Z' as usage_end_time,
                {{'id': 'ferries', 'labels': [{{'key': 'a', 'value': 'b'}}]}} as project,
                [{{'key': 'team', 'value': 'pay'}}] as labels,
                0.1::double as cost,
                'EUR' as currency,
                [{{'name': 'c', 'amount': -0.05::double}}] as credits,
                {{'month': '202601'}} as invoice,
                'regular' as cost_type
        ) to '{path}'
        """
    )
    found = examine(path, FORM)
    assert (found.version, found.taken, found.refused) == ("gcp_billing", 2, ())
    assert sums(found)["BilledCost"] == Decimal("0.05")
    told = lines(tmp_path, path, "distinct SubAccountId, Tags")
    assert told == [("ferries", '{"team":"pay","project/a":"b"}')]


def test_google_flattened_by_credit_would_count_costs_twice(tmp_path: Path) -> None:
    row = {**GCP, "credits.amount": "-1"}
    with pytest.raises(BillRefused, match=r"column `credits\.amount`, and cannot be counted so"):
        examine(bill(tmp_path, row), FORM)


def document(folder: Path, *windows: dict[str, object] | None) -> Path:
    path = folder / "allocation.json"
    path.write_text(json.dumps({"code": 200, "data": windows}), encoding="utf-8")
    return path


def test_opencost_tells_use_idle_and_what_has_no_name(tmp_path: Path) -> None:
    labels = {"cluster": "quay", "namespace": "pay", "labels": {"team": "pay"}}
    path = document(
        tmp_path,
        {
            "pay": allocation("pay", 0.1, properties=labels),
            "__idle__": allocation("__idle__", 0.7),
        },
        None,
        {
            "__unallocated__": allocation(
                "__unallocated__", 0.2, cpuCost=0.3, cpuCostAdjustment=-0.1
            )
        },
    )
    found = examine(path, Form(currency="EUR"))
    assert (found.version, found.view, found.refused) == ("opencost", View.ESTIMATE, ())
    assert sums(found) == {"EffectiveCost": Decimal(1)}, "not 0.9999999999999999"
    assert not found.told
    columns = "bill_row, ResourceName, CapacityReservationStatus, SubAccountId, Tags"
    assert lines(tmp_path, path, columns, Form(currency="EUR")) == [
        (1, "pay", None, "pay", '{"team":"pay"}'),
        (2, "__idle__", "Unused", None, None),
        (3, "__unallocated__", None, None, None),
    ]


def test_opencost_without_a_currency_is_refused_and_parts_must_add_up(tmp_path: Path) -> None:
    path = document(tmp_path, {"a": allocation("a", 1.0, cpuCost=0.5), "b": allocation("b", 2.0)})
    refused = examine(path, FORM).refused
    assert [(one.row, one.column) for one in refused] == [
        (1, "BillingCurrency"),
        (2, "BillingCurrency"),
    ]
    found = examine(path, Form(currency="EUR"))
    assert [(one.rule, one.count, one.rows) for one in found.told] == [("opencost-parts", 1, (1,))]


def test_an_allocation_without_a_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "allocation.json"
    told = json.dumps([{"a": allocation("a", float("nan")), "b": allocation("b", 1.5)}])
    path.write_text(told, encoding="utf-8")
    found = examine(path, Form(currency="EUR"))
    assert [(one.row, one.column, one.written) for one in found.refused] == [
        (1, "cpuCost", "NaN"), (1, "totalCost", "NaN")
    ]  # fmt: skip
    assert sums(found) == {"EffectiveCost": Decimal("1.5")}


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "is no JSON document"), ('{"a": 1}', "is no list of costs"), ("[]", "has no objects")],
)
def test_json_that_tells_no_costs_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bill.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BillRefused, match=said):
        examine(path, FORM)


def test_more_decimals_than_are_kept_are_told_of_the_column_of_the_export(tmp_path: Path) -> None:
    row = changed(AWS, UnblendedCost="0.12345678901234")
    found = examine(bill(tmp_path, row), FORM)
    assert [(one.rule, one.column) for one in found.told] == [
        ("twelve-decimals", "lineItem/UnblendedCost")
    ]


def test_the_columns_of_the_export_itself_are_kept_as_they_are_written(tmp_path: Path) -> None:
    path = bill(tmp_path, AWS)
    assert lines(tmp_path, path, '"x_lineItem/BlendedCost"') == [("0.4",)]


def test_focus_goes_before_an_export(tmp_path: Path) -> None:
    row = {**AZURE, **{name: value for name, value in line().items() if name not in AZURE}}
    row["BillingAccountId"] = "account-1"
    assert examine(bill(tmp_path, row), FORM).version in known().versions

"""Bills as files: read exactly, whatever wraps them; or refused, with the row and the reason."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import zstandard

from data.costs.bill.examined import Examined
from data.costs.bill.examining import examine
from data.costs.bill.form import Encoding, Form, form
from data.costs.bill.refusal import BillRefused
from tests.data.costs.bill.bills import bill, line, written

FOCUS = Form()


def sums(found: Examined) -> dict[tuple[str, str], Decimal | None]:
    return {(total.currency, total.amount): total.sum for total in found.totals}


def reasons(found: Examined) -> list[tuple[int | None, str | None, str | None, str]]:
    return [(one.row, one.column, one.written, one.why) for one in found.refused]


def test_amounts_add_up_to_the_last_digit_and_by_currency(tmp_path: Path) -> None:
    rows = [line(BilledCost="0.1")] * 3 + [line(BilledCost="1E-7", BillingCurrency="USD")]
    found = examine(bill(tmp_path, *rows), FOCUS)
    assert (found.rows, found.taken, found.version) == (4, 4, "1.0")
    assert sums(found)["EUR", "BilledCost"] == Decimal("0.3")
    assert sums(found)["USD", "BilledCost"] == Decimal("0.0000001")


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("bill.csv.gz", gzip.compress),
        ("bill.csv.zst", zstandard.compress),
        ("no ending", gzip.compress),
        ("bom.csv", lambda content: b"\xef\xbb\xbf" + content),
        ("crlf.csv", lambda content: content.replace(b"\n", b"\r\n")),
    ],
)
def test_what_wraps_a_bill_changes_nothing(
    tmp_path: Path, name: str, packed: Callable[[bytes], bytes]
) -> None:
    plain = written(line(), line(BilledCost="-3.5", ChargeDescription='a "b"\nc')).encode()
    (tmp_path / name).write_bytes(packed(plain))
    found = examine(tmp_path / name, FOCUS)
    assert (found.taken, sums(found)["EUR", "BilledCost"]) == (2, Decimal("-2.25"))
    assert not found.missing_columns


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("BilledCost", "$10,000.00", "is no number"),
        ("BilledCost", "10,5", "is no number"),
        ("BilledCost", "1_000", "is no number"),
        ("BilledCost", "NaN", "is no number"),
        ("BilledCost", "1e40", "is no number"),
        ("BilledCost", "NULL", "is missing"),
        ("EffectiveCost", "(null)", "is missing"),
        ("ChargePeriodStart", "5/1/25", "is no point in time"),
        ("ChargePeriodStart", "2026-13-01", "is no point in time"),
        ("BillingCurrency", "eur", "is no currency code of three letters (ISO 4217)"),
        ("ChargeCategory", "usage", "is none of Usage, Purchase, Tax, Credit, Adjustment"),
        ("BillingPeriodEnd", "2026-01-01T00:00:00Z",
         "the billing period does not end after it begins"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_counted_is_refused_and_named(
    tmp_path: Path, column: str, value: str, why: str
) -> None:
    found = examine(bill(tmp_path, line(), line(**{column: value}), line()), FOCUS)
    assert (found.rows, found.taken, found.refused_rows) == (3, 2, 1)
    told = None if why == "is missing" else value
    assert reasons(found) == [(2, column, told, why)]
    assert sums(found)["EUR", "BilledCost"] == Decimal("2.5")


def test_tags_are_one_json_object(tmp_path: Path) -> None:
    rows = [line(Tags=text) for text in ('{"team": "pay"}', "", "[1]", "{", '{"a": null}')]
    found = examine(bill(tmp_path, *rows), FOCUS)
    assert [row for row, *_ in reasons(found)] == [3, 4]


def test_a_line_that_is_no_row_is_counted_and_named(tmp_path: Path) -> None:
    path = bill(tmp_path, line(), line())
    head, first, second = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, first, "1,2", second, second + ",9"]), encoding="utf-8")
    found = examine(path, FOCUS)
    assert (found.rows, found.taken) == (4, 2)
    assert reasons(found) == [
        (2, None, "1,2", "has fewer cells than the head"),
        (4, None, (second + ",9")[:200], "has more cells than the head"),
    ]


def test_a_form_that_is_declared_reads_what_a_spreadsheet_wrote(tmp_path: Path) -> None:
    rows = [
        line(BilledCost=amount, BillingPeriodStart="1/1/26", BillingPeriodEnd="2/1/26",
             ChargePeriodStart="1/5/26", ChargePeriodEnd="1/6/2026", EffectiveCost="(1.5)")
        for amount in ("$10,000.00", "-$1.50", "$-1.50", "(null)", "1,00", "12,345,678.9")
    ]  # fmt: skip
    found = examine(bill(tmp_path, *rows), form("sheet-us"))
    assert [(row, written) for row, _, written, _ in reasons(found)] == [(4, None), (5, "1,00")]
    assert sums(found)["EUR", "BilledCost"] == Decimal("12355675.9")
    assert sums(found)["EUR", "EffectiveCost"] == -6


def test_semicolons_and_decimal_commas_are_another_form(tmp_path: Path) -> None:
    days = {"BillingPeriodStart": "01.01.2026", "BillingPeriodEnd": "01.02.2026",
            "ChargePeriodStart": "05.01.2026", "ChargePeriodEnd": "06.01.2026"}  # fmt: skip
    row = line(
        BilledCost="1.234,56 €", EffectiveCost="0,5", ListCost="7", ContractedCost="", **days
    )
    other = line(BilledCost="10.5", EffectiveCost="0,5", ListCost="7", ContractedCost="", **days)
    path = tmp_path / "bill.csv"
    path.write_text(written(row, other, delimiter=";"), encoding="utf-8")
    found = examine(path, form("sheet-eu"))
    assert sums(found)["EUR", "BilledCost"] == Decimal("1234.56")
    assert reasons(found)[0] == (2, "BilledCost", "10.5", "is no number"), "not 105"
    with pytest.raises(BillRefused, match="separated by ';'"):
        examine(path, FOCUS)


def test_parquet_is_read_with_the_types_it_has(tmp_path: Path) -> None:
    path = tmp_path / "bill.parquet"
    source = bill(tmp_path, line(), line(BilledCost="0.1"), line(BilledCost="0.2"))
    duckdb.sql(
        f"""
        copy (
            select
                * replace (
                    cast(BilledCost as double) as BilledCost,
                    cast(EffectiveCost as decimal(20, 6)) as EffectiveCost,
                    cast(ChargePeriodStart as timestamp) as ChargePeriodStart
                ),
                map {{'team': 'pay'}} as Tags
            from read_csv('{source}', all_varchar = true)
        ) to '{path}'
        """
    )
    found = examine(path, FOCUS)
    assert (found.taken, found.version) == (3, "1.0")
    assert sums(found)["EUR", "BilledCost"] == Decimal("1.55"), "not 1.5500000000000003"
    assert sums(found)["EUR", "EffectiveCost"] == Decimal("3.375")


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_a_number_that_is_none_is_refused_in_parquet_too(tmp_path: Path, value: str) -> None:
    path = tmp_path / "bill.parquet"
    source = bill(tmp_path, line(), line())
    duckdb.sql(
        f"copy (select * replace (cast('{value}' as double) as BilledCost) "
        f"from read_csv('{source}', all_varchar = true)) to '{path}'"
    )
    found = examine(path, FOCUS)
    assert (found.taken, len(found.refused)) == (0, 2)
    assert not found.totals


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "no first line"),
        (b"a,b\n1,2\n", "has no column BilledCost"),
        (b"BilledCost,BilledCost\n", "two columns `BilledCost`"),
        (b"PAR1 and nothing more", "no Parquet file"),
        (b"\x1f\x8bno gzip", "cannot be read"),
        (b"\x28\xb5\x2f\xfdno zstd", "cannot be read"),
        ("BilledCost".encode("utf-16"), "written in UTF-16"),
        (b",".join(b"x_%d" % number for number in range(4001)), "has 4,001 columns"),
    ],
    ids=[
        "nothing",
        "blank",
        "other columns",
        "a column twice",
        "parquet",
        "gzip",
        "zstd",
        "utf-16",
        "columns",
    ],
)
def test_what_is_no_bill_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bill.csv"
    path.write_bytes(content)
    with pytest.raises(BillRefused, match=said):
        examine(path, FOCUS)


@pytest.mark.parametrize("name", ["bill_row", "Refused", "rounded", "BilledCost as written"])
def test_a_column_that_is_called_as_what_is_kept_is_refused(tmp_path: Path, name: str) -> None:
    path = bill(tmp_path, {**line(), name: "1"})
    with pytest.raises(BillRefused, match=f"has a column {name}, a name that its lines"):
        examine(path, FOCUS)


def test_what_is_called_parquet_begins_as_parquet(tmp_path: Path) -> None:
    path = bill(tmp_path, line(), name="bill.parquet")
    with pytest.raises(BillRefused, match="no Parquet file: it does not begin as one"):
        examine(path, FOCUS)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress], ids=["", "gz", "zst"])
def test_a_line_that_the_database_passes_over_is_not_lost(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    """Beyond what it holds at once it neither reads a line nor says so."""
    head, row = written(line()).splitlines(keepends=True)
    text = f"{head}{row}{'x' * 33_000_000}\n{row}"
    path = tmp_path / "bill.csv"
    path.write_bytes(pack(text.encode()))
    with pytest.raises(BillRefused, match="has a line of more than 1,000,000 bytes"):
        examine(path, FOCUS)


def test_a_bill_without_rows_has_none(tmp_path: Path) -> None:
    found = examine(bill(tmp_path, line(), name="a.csv"), FOCUS)
    path = tmp_path / "b.csv"
    path.write_text(",".join(line()) + "\n", encoding="utf-8")
    assert found.taken == 1
    assert (examine(path, FOCUS).rows, examine(path, FOCUS).totals) == (0, ())


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_packed_file_that_ends_in_the_middle_is_refused(tmp_path: Path, share: float) -> None:
    """Neither the database nor the library says so of zstd: they take it for the end."""
    rows = "".join(written(line(ChargeDescription=str(n))).splitlines(keepends=True)[1]
                   for n in range(3_000))  # fmt: skip
    packed = zstandard.compress((",".join(line()) + "\n" + rows).encode())
    path = tmp_path / "bill.csv.zst"
    path.write_bytes(packed[: int(len(packed) * share)])
    with pytest.raises(BillRefused, match="cannot be read to its end"):
        examine(path, FOCUS)


def test_a_packed_file_may_have_several_parts_and_each_must_be_whole(tmp_path: Path) -> None:
    head, row = written(line()).splitlines(keepends=True)
    first, second = (zstandard.compress(part.encode()) for part in (head + row, row + row))
    path = tmp_path / "bill.csv.zst"
    path.write_bytes(first + second)
    assert examine(path, FOCUS).rows == 3
    path.write_bytes(first + second[:-3])
    with pytest.raises(BillRefused, match="cannot be read to its end"):
        examine(path, FOCUS)


def test_utf_16_with_the_high_byte_first_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    for content in (
        written(line()).encode("utf-16-be"),
        ("\ufeff" + written(line())).encode("utf-16-be"),
    ):
        path.write_bytes(content)
        with pytest.raises(BillRefused, match="UTF-16 with the high byte first"):
            examine(path, Form(encoding=Encoding.UTF_16))


def test_lines_that_end_in_several_ways_are_told_as_such(tmp_path: Path) -> None:
    head, row = written(line()).splitlines()
    path = tmp_path / "bill.csv"
    path.write_bytes(f"{head}\r\n{row}\n{row}\r\n".encode())
    with pytest.raises(BillRefused, match="they end in several ways"):
        examine(path, FOCUS)


def test_a_file_that_ends_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv.gz"
    path.write_bytes(gzip.compress(written(*[line()] * 5000).encode())[:-200])
    with pytest.raises(BillRefused, match="cannot be read"):
        examine(path, FOCUS)


def test_what_is_odd_is_taken_and_told(tmp_path: Path) -> None:
    rows = [
        line(CommitmentDiscountId="c", CommitmentDiscountStatus="", ListUnitPrice="3"),
        line(ListUnitPrice="-1", ListCost="-24", CommitmentDiscountId="",
             CommitmentDiscountStatus=""),
    ]  # fmt: skip
    found = examine(bill(tmp_path, *rows), FOCUS)
    assert found.taken == 2
    assert {(told.rule, told.count, told.rows) for told in found.told} == {
        ("commitment-status-missing", 1, (1,)),
        ("list-cost-identity", 1, (1,)),
        ("ListUnitPrice-negative", 1, (2,)),
    }


def test_an_amount_that_is_finer_than_what_is_kept_is_told(tmp_path: Path) -> None:
    amounts = ("0.0000000000004", "0.100000000000000", "1e-13", "-0.0000000000026", "1.5")
    found = examine(bill(tmp_path, *[line(BilledCost=one) for one in amounts]), FOCUS)
    assert [(one.rule, one.column, one.count, one.rows) for one in found.told] == [
        ("twelve-decimals", "BilledCost", 3, (1, 3, 4))
    ]
    assert sums(found)["EUR", "BilledCost"] == Decimal("1.599999999997")


def test_a_value_outside_of_those_there_may_be_is_told(tmp_path: Path) -> None:
    rows = [line(ChargeClass="Refund", ServiceCategory="Computing"), line(ServiceName="")]
    found = examine(bill(tmp_path, *rows), FOCUS)
    assert {(one.column, one.count, one.rows) for one in found.told} == {
        ("ChargeClass", 1, (1,)),
        ("ServiceCategory", 1, (1,)),
        ("ServiceName", 1, (2,)),
    }


def test_columns_too_few_and_too_many_are_named(tmp_path: Path) -> None:
    row = {**line(ServiceName=None), "x_Own": "1", "Strange": "2"}
    found = examine(bill(tmp_path, row), FOCUS)
    assert (found.missing_columns, found.unknown_columns) == (("ServiceName",), ("Strange",))

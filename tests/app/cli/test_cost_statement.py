"""`cairn cost statement` and `cairn cost close`: what finance signs, and signs once."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from data.store.workspace import Workspace
from tests.app.cli.running import answer, run
from tests.data.costs.statement.months import (
    OCTOBER,
    SEPTEMBER,
    charge,
    deliver,
    synced,
    workspace,
)

RATES = "day,base,quote,rate,source\n2025-09-30,USD,EUR,0.9,Bank of Example\n"
CLOSE = ("cost", "close", "2025-09", "--by", "Rana Example", "--reason", "the bills are final")
FORMATS = ("text", "json", "csv", "pdf", "xlsx")


@pytest.fixture
def found(tmp_path: Path) -> Workspace:
    """September in two currencies, and October, read."""
    made = workspace(tmp_path, cost='rates = "rates.csv"\ncurrency = "EUR"')
    (tmp_path / "rates.csv").write_text(RATES, encoding="utf-8")
    rows = [
        charge(SEPTEMBER, "10.004", "pay"),
        charge(SEPTEMBER, "3", ServiceName="Support"),
        charge(SEPTEMBER, "2"),
        charge(SEPTEMBER, "5", SubAccountId="foreign"),
        charge(SEPTEMBER, "20", "web", BillingCurrency="USD", InvoiceId="US-1"),
    ]
    deliver(made, "september.csv", *rows)
    deliver(made, "october.csv", charge(OCTOBER, "7", "web"))
    with synced(made):
        pass
    return made


def files(found: Workspace, month: str = "2025-09", *more: str) -> dict[str, bytes]:
    """The statement in each format."""
    content = {}
    for style in FORMATS:
        path = found.folder / f"statement.{style}"
        asked = ("--format", style, "--output", str(path))
        done = run(found.folder, "cost", "statement", month, *more, *asked)
        assert done.exit_code == 0, done.stderr
        content[style] = path.read_bytes()
    return content


def test_a_closed_statement_is_the_same_to_the_byte_after_new_bills(found: Workspace) -> None:
    assert run(found.folder, *CLOSE).exit_code == 0
    before = files(found), files(found, "2025-09", "--team", "pay")
    deliver(found, "september-2.csv", charge(SEPTEMBER, "99", "web"), at=9)
    (found.folder / "rates.csv").write_text(RATES.replace("0.9", "0.8"), encoding="utf-8")
    assert run(found.folder, "sync").exit_code == 0
    assert run(found.folder, "rebuild").exit_code == 0
    assert (files(found), files(found, "2025-09", "--team", "pay")) == before
    script = "import sys; from app.cli.main import cairn; cairn()"
    asked = ["--data", str(found.folder), "cost", "statement", "2025-09", "--format", "json"]
    again = subprocess.run([sys.executable, "-c", script, *asked], capture_output=True, check=True)
    assert again.stdout == before[0]["json"]


def test_its_sums_are_those_of_its_lines_and_of_the_bills(found: Workspace) -> None:
    told = answer(found.folder, "cost", "statement", "2025-09")
    lines: dict[str, Decimal] = {}
    for row in told["rows"]:
        lines[row["currency"]] = lines.get(row["currency"], Decimal(0)) + Decimal(row["amount"])
    assert lines == {"EUR": Decimal("20.00"), "USD": Decimal("20.00")}
    steps = {row.pop("what"): row for row in told["proof"]}
    assert steps["What the bills of the month say"] == {"EUR": "20.004", "USD": "20"}
    assert steps["What rounding to cents leaves"] == {"EUR": "0.004", "USD": "0"}
    assert steps["Difference"] == {"EUR": "0", "USD": "0"}
    reported = {"currency": "EUR", "amount": "33.00", "without": "what is not ours", "why": None}
    assert told["reported"] == reported
    text = run(found.folder, "cost", "statement", "2025-09").stdout
    assert "in EUR: 33.00, without what is not ours\n" in text
    assert (told["state"], told["closing"]) == ("open", None)
    with io.StringIO(
        run(found.folder, "cost", "statement", "2025-09", "--format", "csv").stdout
    ) as f:
        rows = list(csv.DictReader(f))
    assert [row["amount"] for row in rows] == [row["amount"] for row in told["rows"]]


def test_a_team_has_its_own_lines_and_sees_why_the_whole_is_right(found: Workspace) -> None:
    whole = answer(found.folder, "cost", "statement", "2025-09")
    own = answer(found.folder, "cost", "statement", "2025-09", "--team", "pay")
    assert own["rows"] == [row for row in whole["rows"] if row["team"] == "pay"]
    assert own["proof"] == whole["proof"]
    assert own["reported"]["without"] is None
    text = run(found.folder, "cost", "statement", "2025-09", "--team", "pay").stdout
    assert f"in EUR: {own['reported']['amount']}\n" in text
    nobody = run(found.folder, "cost", "statement", "2025-09", "--team", "pya")
    assert nobody.exit_code == 2
    assert "`pya` has nothing of 2025-09; name one of: pay, web" in nobody.stderr


def test_no_sum_is_told_where_a_rate_is_missing(found: Workspace) -> None:
    (found.folder / "rates.csv").write_text(RATES.replace("-09-30", "-09-20"), encoding="utf-8")
    assert run(found.folder, "sync").exit_code == 0
    told = answer(found.folder, "cost", "statement", "2025-09")["reported"]
    assert told == {"currency": "EUR", "amount": None, "without": "what is not ours",
                    "why": "no rate of USD in EUR on 2025-09-30"}  # fmt: skip
    text = run(found.folder, "cost", "statement", "2025-09").stdout
    assert "in EUR: no rate of USD in EUR on 2025-09-30" in text


def test_closing_is_told_and_refused_in_one_line(found: Workspace) -> None:
    early = run(found.folder, "cost", "close", "2025-10", "--by", "R", "--reason", "why")
    assert early.exit_code == 2
    assert early.stderr.endswith(
        "2025-10: 2025-09 comes before, has bills and is not closed; close that first\n"
    )
    done = answer(found.folder, *CLOSE)["rows"][0]
    assert (done["month"], done["closed_by"]) == ("2025-09", "Rana Example")
    assert run(found.folder, *CLOSE).exit_code == 2
    closing = answer(found.folder, "cost", "statement", "2025-09")["closing"]
    assert (closing["sha256"], closing["decision"]) == (done["sha256"], done["decision"])


def test_a_month_that_lacks_a_bill_is_closed_without_it_if_that_is_said(found: Workspace) -> None:
    ships = {"BillingAccountId": "ships", "InvoiceId": "S-1"}
    deliver(found, "ships.csv", charge(SEPTEMBER, "5", "web", **ships))
    assert run(found.folder, "sync").exit_code == 0
    assert run(found.folder, *CLOSE).exit_code == 0
    close = ("cost", "close", "2025-10", "--by", "R", "--reason", "why")
    refused = run(found.folder, *close)
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "2025-10: there is no bill of ships (bills, last of 2025-09)" in refused.stderr
    assert run(found.folder, *close, "--without", "ships").exit_code == 0
    text = run(found.folder, "cost", "statement", "2025-10").stdout
    assert "Closed without a bill of: ships (bills, last of 2025-09)" in text
    made = files(found, "2025-10")
    assert made["pdf"].startswith(b"%PDF-")
    missing = {"source": "bills", "account": "ships", "last_month": "2025-09"}
    assert json.loads(made["json"])["missing"] == [missing]
    with zipfile.ZipFile(io.BytesIO(made["xlsx"])) as book:
        assert "Closed without a bill of" in book.read("xl/sharedStrings.xml").decode()


def test_the_document_begins_with_why_the_sum_is_right(found: Workspace) -> None:
    made = files(found)
    assert made["pdf"].startswith(b"%PDF-")
    with zipfile.ZipFile(io.BytesIO(made["xlsx"])) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        first = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert names[:2] == ["Why the sum is right", "About"]
    assert "Difference" in texts
    assert "<f>" not in first


def test_a_document_needs_a_file(found: Workspace) -> None:
    done = run(found.folder, "cost", "statement", "2025-09", "--format", "pdf")
    assert done.exit_code == 2
    assert "--format pdf goes with --output FILE" in done.stderr


def test_a_text_that_is_no_month_is_told(found: Workspace) -> None:
    done = run(found.folder, "cost", "statement", "september")
    assert (done.exit_code, json.dumps(done.stdout)) == (2, '""')
    assert done.stderr == "cairn: `september` is no month; write it as `2026-09`\n"

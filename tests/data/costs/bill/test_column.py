"""The columns of FOCUS, and which version a file is of."""

from __future__ import annotations

import pytest

from data.costs.bill.column import known
from tests.data.costs.bill.bills import line, mandatory

ONE = set(line())


def test_a_version_has_as_many_columns_as_its_specification() -> None:
    counts = {version: len(known().of(version)) for version in known().versions}
    assert counts == {"1.0": 43, "1.1": 50, "1.2": 57, "1.3": 65, "1.4": 65}


def test_what_must_be_there_changes_with_the_providers_names_alone() -> None:
    assert len(mandatory("1.2")) == 21
    assert mandatory("1.0") == mandatory("1.2")
    assert mandatory("1.3") - mandatory("1.2") == {"HostProviderName", "ServiceProviderName"}
    assert mandatory("1.3") - mandatory("1.4") == {"ProviderName", "PublisherName"}


@pytest.mark.parametrize(
    ("names", "version"),
    [
        (set(), "1.0"),
        ({"SkuMeter"}, "1.1"),
        ({"SkuMeter", "InvoiceId"}, "1.2"),
        ({"ServiceProviderName"}, "1.3"),
        ({"x_Anything"}, "1.0"),
        ({"InvoiceDetailId"}, "1.4"),
    ],
)
def test_the_oldest_version_with_all_columns_is_taken(names: set[str], version: str) -> None:
    assert known().version_of(ONE | names) == version


def test_without_the_names_that_1_4_took_out_a_bill_may_be_of_1_4() -> None:
    names = ONE - {"ProviderName", "PublisherName"} | {"ServiceProviderName", "InvoiceDetailId"}
    assert known().version_of(names) == "1.4"


def test_only_columns_that_may_not_be_null_are_essential() -> None:
    assert all(known().columns[name].nulls == "never" for name in known().essential)

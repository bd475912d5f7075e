"""A resource has a link where its id is known for what it is, and never to anywhere else."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.costs.consoles import console_address, consoles

SUBSCRIPTION = "/subscriptions/0a1b2c3d-0000-4000-8000-000000000001"
MACHINE = f"{SUBSCRIPTION}/resourceGroups/quay/providers/Microsoft.Compute/virtualMachines/crane"
HOSTS = {"console.aws.amazon.com", "portal.azure.com", "console.cloud.google.com"}
BY_ARN = "https://console.aws.amazon.com/go/view?arn="
COMPUTE = "https://console.cloud.google.com/compute"
ZONE = "//compute.googleapis.com/projects/harbour-one/zones/europe-west1-b"


@pytest.mark.parametrize(
    ("resource", "address"),
    [
        ("arn:aws:s3:::quay-files",
         f"{BY_ARN}arn%3Aaws%3As3%3A%3A%3Aquay-files"),
        ("arn:aws:ec2:eu-west-1:000000000001:instance/i-0a",
         f"{BY_ARN}arn%3Aaws%3Aec2%3Aeu-west-1%3A000000000001%3Ainstance%2Fi-0a"),
        (MACHINE, f"https://portal.azure.com/#resource{MACHINE}"),
        (MACHINE.lower(), f"https://portal.azure.com/#resource{MACHINE.lower()}"),
        (f"{ZONE}/instances/crane",
         f"{COMPUTE}/instancesDetail/zones/europe-west1-b/instances/crane?project=harbour-one"),
        (f"{ZONE}/disks/crane",
         f"{COMPUTE}/disksDetail/zones/europe-west1-b/disks/crane?project=harbour-one"),
        ("//storage.googleapis.com/projects/_/buckets/quay_files",
         "https://console.cloud.google.com/storage/browser/quay_files"),
    ],
)  # fmt: skip
def test_what_a_bill_names_leads_to_its_console(resource: str, address: str) -> None:
    assert console_address(resource) == address


@pytest.mark.parametrize(
    "resource",
    [
        None,
        "",
        "disk-7",
        "i-0a1b2c3d4e5f",
        "javascript:alert(1)",
        "https://console.aws.amazon.com.example/",
        "//example.com/projects/harbour-one",
        "//compute.googleapis.com.example/projects/harbour-one/zones/z/instances/crane",
        "//compute.googleapis.com@example.com/projects/harbour-one/zones/z/instances/crane",
        f"{ZONE}/instances/crane?project=other",
        f"{ZONE}/instances/../disks/crane",
        "arn:aws-cn:s3:::quay-files",
        "arn:aws:s3:::quay files",
        "arn:aws:s3:::quay&arn=other",
        "arn:aws:s3:::quay#other",
        'arn:aws:s3:::quay"onclick=alert(1)',
        "arn:aws:s3:::quay\n",
        "arn:aws:s3:::quay\u202efiles",
        "arn:aws:s3:::{0.__class__}",
        " arn:aws:s3:::quay",
        "arn:aws:s3:::" + "a" * 600,
        "arn:aws:s3:::" + "a" * 100_000,
        f"{SUBSCRIPTION}/resourceGroups/quay/../../other",
        f"{SUBSCRIPTION}/resourceGroups/quay?x=1",
        f"{SUBSCRIPTION}/resourceGroups/quay%2f",
        f"{SUBSCRIPTION}//example.com",
        "/subscriptions/sub-1/machines/quay",
        "/subscriptions/@example.com",
    ],
)
def test_what_is_not_known_for_certain_has_no_link(resource: str | None) -> None:
    assert console_address(resource) is None


@given(st.one_of(st.text(), *(st.from_regex(one.pattern) for one in consoles())))
def test_no_id_leads_to_another_host(resource: str) -> None:
    address = console_address(resource)
    if address is not None:
        parts = urlsplit(address)
        assert (parts.scheme, parts.username, parts.port) == ("https", None, None)
        assert parts.netloc in HOSTS
        assert not re.search(r"[\s\"'<>\\`{}]", address)


def test_each_form_says_when_and_where_it_was_checked() -> None:
    assert all(re.match(r"20\d\d-\d\d-\d\d, .", one.checked) for one in consoles())

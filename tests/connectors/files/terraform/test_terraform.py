"""What states and plans of Terraform say, and that no secret in them is ever kept."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.files.terraform.connector import Terraform
from data.model import Resource
from tests.connectors.files.source import FileSource, made, output

LET_THROUGH = {
    "version", "terraform_version", "format_version", "serial", "lineage", "mode", "type", "name",
    "module", "provider", "provider_name", "address", "module_address", "index", "index_key", "id",
    "arn", "self_link", "region", "location", "availability_zone", "actions", "Environment",
    "Service", "env", "team", "schema_version",
}  # fmt: skip
"""Keys whose values the files need, or that are on the list of what may be known."""


@pytest.fixture
def terraform(tmp_path: Path) -> Iterator[FileSource]:
    with made(Terraform, tmp_path) as source:
        yield source


def poisoned(told: Any, count: Iterator[int], *, is_open: bool = False) -> Any:
    """The same with a secret in place of, and beside, everything that is not let through."""
    if isinstance(told, dict):
        kept = {
            key: poisoned(value, count, is_open=key in LET_THROUGH) for key, value in told.items()
        }
        return kept | {f"hunter2-key-{next(count)}": f"hunter2-{next(count)}"}
    if isinstance(told, list):
        return [poisoned(each, count, is_open=is_open) for each in told]
    return told if is_open or told is None else f"hunter2-{next(count)}"


@pytest.mark.parametrize("name", ["terraform.tfstate", "plan.json", "shown_state.json"])
def test_no_secret_is_kept_wherever_it_stands(
    terraform: FileSource, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = poisoned(json.loads(output(f"terraform/{name}")), iter(range(10**6)))
    for resource in told.get("resources", []):
        for instance in resource["instances"]:
            instance["sensitive_attributes"] = []
    data = json.dumps(told)
    assert data.count("hunter2") > 20
    terraform.read({name: data})
    assert len(terraform.all(Resource)) >= 2
    torn = terraform.folder / "files" / "torn.tfstate"
    shown: list[object] = [terraform.everything(), terraform.connector().check()]
    for cut in range(0, len(data), len(data) // 12):
        torn.write_text(data[:cut])
        shown += [str(error) for error in terraform.sync().errors]
    shown += [terraform.everything(), caplog.text]
    assert [text for text in map(str, shown) if "hunter2" in text] == []


def test_a_state_knows_what_there_is(terraform: FileSource) -> None:
    terraform.read({"prod/terraform.tfstate": output("terraform/terraform.tfstate")})
    web = terraform.one(Resource, "module.shop.aws_instance.web[0]")
    assert (web.kind, web.provider, web.region) == (
        "aws_instance",
        "hashicorp/aws",
        "eu-central-1a",
    )
    assert web.resource == "arn:aws:ec2:eu-central-1:111122223333:instance/i-0abc"
    assert (web.service, web.environment, web.change) == ("shop", "production", None)
    assert web.labels == ("environment=production", "service=shop")
    bucket = terraform.one(Resource, 'google_storage_bucket.data["raw"]')
    assert (bucket.provider, bucket.region) == ("hashicorp/google", "EUROPE-WEST3")
    assert bucket.labels == ("team=data",)


def test_the_id_of_what_may_be_a_secret_itself_is_not_known(terraform: FileSource) -> None:
    terraform.read({"terraform.tfstate": output("terraform/terraform.tfstate")})
    assert terraform.one(Resource, "random_password.db").resource is None
    assert terraform.one(Resource, "postgresql_role.app").resource is None


def test_labels_that_are_marked_as_sensitive_are_not_known(terraform: FileSource) -> None:
    state = json.loads(output("terraform/terraform.tfstate"))
    for resource in state["resources"]:
        for instance in resource["instances"]:
            marked = [[{"type": "get_attr", "value": name}] for name in instance["attributes"]]
            instance["sensitive_attributes"] = marked
    plan = json.loads(output("terraform/plan.json"))
    for each in plan["resource_changes"]:
        change = each["change"]
        change["after_sensitive"] = dict.fromkeys({**(change["after"] or {})}, True)
        change["before_sensitive"] = dict.fromkeys({**(change["before"] or {})}, True)
    terraform.read({"terraform.tfstate": json.dumps(state), "plan.json": json.dumps(plan)})
    rows = terraform.all(Resource)
    assert len(rows) > 3
    assert {(row.labels, row.service, row.resource, row.region) for row in rows} == {
        ((), None, None, None)
    }


def test_which_labels_may_be_known_is_a_setting(tmp_path: Path) -> None:
    with made(Terraform, tmp_path, label_keys=["NOTE"]) as source:
        source.read({"terraform.tfstate": output("terraform/terraform.tfstate")})
        web = source.one(Resource, "module.shop.aws_instance.web[0]")
        assert (web.labels, web.service) == (("note=tf-secret-tag",), None)


def test_a_plan_tells_what_it_would_change(terraform: FileSource) -> None:
    terraform.read({"plan.json": output("terraform/plan.json")})
    found = {row.name: (row.change, row.resource) for row in terraform.all(Resource)}
    assert found == {
        "aws_sqs_queue.jobs": ("create", None),
        "module.shop.aws_instance.web[0]": ("replace", "i-0abc"),
    }


def test_a_shown_state_is_read_with_its_modules(terraform: FileSource) -> None:
    terraform.read({"state.json": output("terraform/shown_state.json")})
    found = {row.name: (row.provider, row.environment) for row in terraform.all(Resource)}
    assert found == {
        "azurerm_storage_account.data": ("hashicorp/azurerm", "staging"),
        "module.net.azurerm_subnet.main": ("hashicorp/azurerm", None),
    }


def test_of_two_files_of_one_state_the_newer_counts(tmp_path: Path) -> None:
    with made(Terraform, tmp_path, patterns=["*"]) as source:
        old = json.loads(output("terraform/terraform.tfstate"))
        old["serial"] = 6
        old["resources"] = old["resources"][:2]
        source.read(
            {
                "terraform.tfstate": output("terraform/terraform.tfstate"),
                "terraform.tfstate.backup": json.dumps(old),
            }
        )
        assert {row.path for row in source.all(Resource)} == {"terraform.tfstate"}


def test_a_resource_that_is_destroyed_is_gone(terraform: FileSource) -> None:
    terraform.read({"terraform.tfstate": output("terraform/terraform.tfstate")})
    state = json.loads(output("terraform/terraform.tfstate"))
    state["resources"] = state["resources"][:2]
    terraform.read({"terraform.tfstate": json.dumps(state)})
    assert [row.kind for row in terraform.all(Resource)] == ["aws_instance"]


def test_a_state_of_another_version_is_told(terraform: FileSource) -> None:
    terraform.read({"terraform.tfstate": b'{"version": 3, "modules": []}'})
    assert "it is a state of version 3; only 4 is read" in terraform.told()[0]


def test_a_state_and_a_plan_without_resources_are_no_trouble(terraform: FileSource) -> None:
    terraform.read(
        {
            "terraform.tfstate": b'{"version": 4, "serial": 1, "lineage": "x", "resources": []}',
            "state.json": b'{"format_version": "1.0", "terraform_version": "1.9.8"}',
        }
    )
    assert (terraform.all(Resource), terraform.told()) == ([], [])


def test_a_plan_of_an_unknown_format_is_refused(terraform: FileSource) -> None:
    data = output("terraform/plan.json").replace(
        b'"format_version": "1.2"', b'"format_version": "2.0"'
    )
    terraform.read({"plan.json": data})
    assert "it is of a format whose meaning is not known" in terraform.told()[0]

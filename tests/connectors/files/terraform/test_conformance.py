"""The source `terraform` against the clauses that bind every kind of source."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from connectors.files.terraform.connector import Terraform
from tests.connectors.conformance import Conformance
from tests.connectors.files.binding import (
    NOT_APPLICABLE,
    SECRETS,
    TIMES,
    UNMAPPED,
    Files,
    FilesBinding,
    damages,
)
from tests.connectors.files.source import output
from tests.connectors.house import RowKey


class TerraformBinding(FilesBinding):
    """Two states and a plan."""

    connector_class = Terraform
    secret = "tf-secret"  # type: ignore[assignment]

    def start(self) -> Files:
        return {
            "prod/terraform.tfstate": output("terraform/terraform.tfstate"),
            "prod/plan.json": output("terraform/plan.json"),
            "azure_state.json": output("terraform/shown_state.json"),
        }

    def further(self, number: int) -> Files:
        state = json.loads(output("terraform/terraform.tfstate"))
        state["serial"] += number
        state["resources"][2]["instances"][0]["attributes"]["location"] = f"EU-{number}"
        other = {**state, "lineage": f"another-{number}"}
        return {
            "prod/terraform.tfstate": json.dumps(state).encode(),
            f"new-{number}.tfstate": json.dumps(other).encode(),
        }

    def removed(self) -> tuple[str, RowKey]:
        row = "terraform:shop#resource/azure_state.json/module.net.azurerm_subnet.main"
        return "azure_state.json", ("resource", row)

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        broken = output("terraform/terraform.tfstate").replace(b'"type"', b'"tf-secret-key"')
        return [
            lambda: self.write({"torn.tfstate": broken[:900]}),
            lambda: self.write({"torn.tfstate": broken}),
            lambda: self.write({"torn.tfstate": b'{"version": "tf-secret-version"}'}),
            lambda: self.write({"torn.tfstate": b'"tf-secret-text"'}),
        ]

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return damages(self._damage)

    def _damage(self, way: Callable[[dict[str, Any], str], object]) -> int:
        def damage(told: Any) -> None:
            root = told["values"]["root_module"]
            root["resources"] += root.pop("child_modules")[0]["resources"]
            way(root["resources"][0], "type")
            way(root["resources"][1], "address")

        self.edit("azure_state.json", damage)
        return 2


class TestTerraform(Conformance):
    binding = TerraformBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        clause: reason for clause, reason in NOT_APPLICABLE.items() if clause != SECRETS
    } | {
        TIMES: "there are no times in a state",
        UNMAPPED: "a state is archived by an allow-list, since it holds secrets",
    }

"""Mappings that cannot be meant, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.tables.fields import ALLOWED, fields_of, needed_of
from connectors.tables.settings import Layout, TableSettings
from data.configuration import ConfigurationError, validate_settings
from data.model import ENTITIES
from tests.connectors.tables.importing import TRAINING


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"entity": "incidnet"}, "did you mean `incident`"),
        ({"entity": "review"}, "cannot be imported"),
        ({"columns": {"valu": "Hours"}}, "has no field `valu`"),
        ({"columns": {"id": "Hours"}}, "has no field `id`"),
        ({"constants": {}}, "nothing tells `measure`, `unit`"),
        ({"period": None}, "nothing tells `until_at`"),
        ({"constants": {**TRAINING["constants"], "value": 1}}, "by a column and by a constant"),
        ({"constants": {**TRAINING["constants"], "until_at": "2026-01-01"}}, "both tell the end"),
        ({"thousands": ".", "decimal": "."}, "are the same"),
        ({"decimal": ";"}, "decimal"),
        ({"time_zone": "Mars/Base"}, "is no time zone"),
        ({"path": "https://files.example/a.csv"}, "`path` is an address"),
        ({"mapping": "how.toml"}, "another file is to say that"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        TableSettings.model_validate({**TRAINING, **changed})


def test_a_mistake_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "cairn.toml"
    path.write_text(
        '[[source]]\nname = "t"\nkind = "table"\npath = "a.csv"\nperiod = "day"\n'
        '[source.columns]\nteam = "Team"\nvalu = "Hours"\nfrom_at = "From"\n'
        '[source.constants]\nmeasure = "x"\nunit = "h"\nvalue = 1\n'
    )
    columns = {"team": "Team", "valu": "Hours", "from_at": "From"}
    constants = {"measure": "x", "unit": "h", "value": 1}
    options = {"path": "a.csv", "period": "day", "columns": columns, "constants": constants}
    with pytest.raises(ConfigurationError) as error:
        validate_settings(TableSettings, path, 0, options)
    assert "line 8: imported_value has no field `valu`" in str(error.value)
    assert "did you mean `value`?" in str(error.value)


def test_an_entity_that_holds_for_no_period_takes_none() -> None:
    told = {"entity": "service", "columns": {"name": "Name"}, "period": "day"}
    with pytest.raises(ValidationError, match="holds for no period"):
        Layout.model_validate(told)


@pytest.mark.parametrize("entity", ALLOWED)
def test_every_field_that_a_row_needs_can_be_told(entity: str) -> None:
    needed = needed_of(entity)
    assert set(needed) <= fields_of(entity).keys()
    required: Mapping[str, Any] = {name: name for name in needed}
    assert Layout.model_validate({"entity": entity, "columns": required}).columns.keys() == set(
        needed
    )


def test_what_proves_a_control_is_not_imported() -> None:
    proofs = {"review", "check_run", "protection", "member_access", "audit_event", "gap"}
    assert proofs <= ENTITIES.keys()
    assert proofs.isdisjoint(ALLOWED)

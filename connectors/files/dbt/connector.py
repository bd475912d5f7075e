"""The source `dbt`."""

from __future__ import annotations

from typing import ClassVar

from connectors.files.connector import FileConnector
from connectors.files.dbt.freshness import freshness_rows
from connectors.files.dbt.manifest import edition_of, manifest_rows
from connectors.files.dbt.results import result_rows, tests_in, without_arguments
from connectors.files.stream import FileStream, apart


class Dbt(FileConnector):
    """Reads the artifacts of dbt: data and lineage, invocations, tests, freshness."""

    kind = "dbt"
    patterns = ("target/manifest.json", "target/run_results.json", "target/sources.json")
    is_kept_in_git = False
    streams: ClassVar[tuple[FileStream, ...]] = (
        FileStream(
            "manifest",
            ("dataset", "lineage_edge"),
            manifest_rows,
            files=("**/*manifest*.json",),
            page=apart,
            edition=edition_of,
        ),
        FileStream(
            "run_results",
            ("pipeline", "pipeline_run", "task_run", "data_check"),
            result_rows,
            files=("**/*run_results*.json",),
            kept=without_arguments,
            is_inventory=False,
            is_remembered=True,
            beside="manifest.json",
            kept_beside=tests_in,
        ),
        FileStream(
            "sources",
            ("data_check",),
            freshness_rows,
            files=("**/*sources*.json",),
            is_inventory=False,
            is_remembered=True,
        ),
    )

"""What a snapshot holds, and what its building leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data.configuration import Configuration
from data.facts import build
from data.facts.build import FACTS, PUBLISHED, fact_sql
from data.store.publish import publish
from data.store.snapshot import Snapshot
from data.store.working import Working
from data.store.workspace import Workspace
from tests.data.facts.story import Story, ran
from tests.data.published import change, incident, published

CONTRACT = {
    "owned_service": "service repository path team timezone pattern url",
    "service_watch": (
        "service environment tier team first_at first_local_at last_at until_at until_local_at"
    ),
    "change_elsewhere": "repository changes first_at last_at",
    "change_delivery": (
        "id deployment url title service environment tier team repository number kind"
        " is_hotfix state link_method deployment_url merged_at deployed_at happened_at"
        " local_at lead_seconds coding_seconds pickup_seconds review_seconds deploy_seconds"
    ),
    "incident_cause": (
        "id source url title severity service environment tier team started_at resolved_at"
        " reopened_count deployment link_method unlinked_reason"
    ),
    "deployment_outcome": (
        "id source url title service environment tier team repository sha version status"
        " started_at deployed_at happened_at local_at position_method is_baseline"
        " is_rollback is_watched is_traced excluded is_failed failure_reason link_method"
        " failure_url recovered_at recovery_seconds is_rework rework_reason"
    ),
    "model_watch": (
        "model environment tier team first_at first_local_at last_at until_at until_local_at"
    ),
    "model_gate": (
        "id source url title model version environment tier team attempts first_gate_state"
        " first_gate_at gate_passed_at gate_failed_at happened_at local_at"
    ),
    "model_gate_watch": (
        "model environment tier team first_at first_local_at last_at until_at until_local_at"
    ),
    "model_promotion": (
        "id source url title model version version_before environment tier team rule actor"
        " promoted_after_at promoted_at happened_at local_at uncertainty_seconds"
        " is_uncertain served_until_at is_baseline is_rollback excluded is_complete"
        " is_watched is_failed failure_reason failure_url run run_url trained_at"
        " committed_at lead_state lead_seconds commit_lead_seconds data_lead_seconds"
        " has_commit has_dataset has_parameters has_environment has_finished has_seed"
        " is_reproducible has_lineage lineage_lacks first_gate_state first_gate_at"
        " gate_passed_at approved_at approved_by author is_gated is_approved is_segregated"
        " proof_lacks proof_not_told gate_lacks gate_not_told"
    ),
    "training_outcome": (
        "id source url title model experiment environment tier team result started_at"
        " finished_at happened_at local_at run_seconds excluded is_failed has_version"
        " promoted_at is_promoted"
    ),
    "training_watch": (
        "model environment tier team first_at first_local_at last_at until_at until_local_at"
    ),
    "model_failure": (
        "id source url title model environment tier team kind started_at happened_at"
        " local_at excluded resolved_at next_promotion_at restored_at restore_seconds"
    ),
    "model_day": (
        "id source url title model version environment tier team local_at happened_at"
        " is_monitored monitored_features drifted_features is_drifted metric baseline_value"
        " measured_value measured_on performance_state is_held trained_at retrain_seconds"
        " age_seconds is_fresh"
    ),
    "model_stretch": (
        "source model environment tier version version_before began_after_at began_at"
        " ended_at rule actor url is_rollback is_baseline is_failed failure_reason"
        " failure_url"
    ),
    "model_version_metric": (
        "source model version number created_at metric measured_in role value evaluated_at"
    ),
    "model_version_origin": (
        "source url model version number created_at status is_gone serves is_in_production"
        " run is_run_known run_url run_result trained_at repository sha is_clean datasets"
        " parameter_count has_seed has_environment image first_gate_state"
    ),
    "model_inventory": (
        "source model url team pattern owner risk_class description is_archived is_gone"
        " version_count newest_version environment version promoted_after_at promoted_at"
        " is_rollback rule trained_at age_seconds retrain_seconds is_fresh first_gate_state"
        " gate_passed_at approved_at is_reproducible has_lineage run_url has_card card_url"
        " monitored_at is_drifted performance_state is_held open_alerts is_contrary"
    ),
    "pipeline_watch": (
        "pipeline environment team first_at first_local_at last_at until_at until_local_at"
    ),
    "pipeline_outcome": (
        "id source url title pipeline team run kind event branch sha definition result"
        " attempts retried_tasks is_flaky slot_at started_at finished_at happened_at"
        " local_at excluded duration_seconds is_first_failure mended_at recovery_seconds"
    ),
    "pipeline_change": (
        "id source url title pipeline team kind definition definition_before run"
        " result_before result started_at finished_at happened_at local_at excluded"
        " is_failed"
    ),
    "pipeline_change_watch": (
        "pipeline environment team first_at first_local_at last_at until_at until_local_at"
    ),
    "pipeline_slot": (
        "id source url title pipeline team slot_at due_at done_at has_run happened_at"
        " local_at excluded is_met delay_seconds"
    ),
    "dataset_watch": (
        "dataset environment team first_at first_local_at last_at until_at until_local_at"
    ),
    "dataset_node": (
        "id url title dataset team owner description is_source upstream_count is_traced"
        " happened_at local_at environment first_at first_local_at until_at until_local_at"
    ),
    "data_check_outcome": (
        "id source url title dataset team pipeline name kind feature state severity"
        " failures rows value threshold data_at invocation checked_at happened_at local_at"
        " message"
    ),
    "lineage_link": (
        "source url from_kind from_name to_kind to_name from_digest run run_url seen_at"
        " told_by untold is_current"
    ),
    "lineage_node": "kind name thing version team url is_source environment is_current",
    "alert_watch": (
        "kind service environment tier team first_at first_local_at last_at until_at until_local_at"
    ),
    "objective_watch": (
        "kind service environment tier team first_at first_local_at last_at until_at until_local_at"
    ),
    "utilisation_watch": (
        "kind service environment tier team first_at first_local_at last_at until_at until_local_at"
    ),
    "alert_outcome": (
        "id source url title service environment tier team severity fingerprint summary"
        " model pipeline started_at acknowledged_at resolved_at happened_at local_at"
        " is_told_again incident incident_url link_method is_noise is_self_ended"
        " is_acknowledgement_told is_remedied_by_machine detect_seconds acknowledge_seconds"
        " resolve_seconds"
    ),
    "indicator_day": (
        "id source url title service environment tier team kind name about value target"
        " total known_seconds asked_seconds burn_rate from_at until_at happened_at local_at"
    ),
    "objective_burn": (
        "id source url title service environment tier team name about day target counted_in"
        " counted bad allowed good_share known_seconds burn_rate burn_rate_1h burn_rate_6h"
        " burn_rate_3d window_known budget_left happened_at local_at"
    ),
    "owned_measure": "measure url team timezone pattern",
    "imported_measure": (
        "id source url title measure name about team value unit share seconds amount"
        " held_days from_at until_at note happened_at local_at"
    ),
    "cost_day": (
        "id source url title measure name about team value unit day amount from_at until_at"
        " note told_by excluded lacking happened_at local_at"
    ),
    "billed_day": "day state lacks",
    "initiative_part": (
        "id source url title measure name about team value unit amount told_by excluded"
        " lacking from_at until_at note happened_at local_at"
    ),
    "unit_cost": (
        "id url title side measure name team about day currency cost told_cost whole_cost"
        " units successes is_costed lacking lacks happened_at local_at"
    ),
    "unit_cost_watch": (
        "measure name environment team first_at first_local_at last_at until_at until_local_at"
    ),
    "measure_watch": (
        "measure name environment team first_at first_local_at last_at until_at until_local_at"
    ),
    "told_entity": "source entity from_at until_at read_at",
    "blind_spot": (
        "id source repository team entity stream reason is_switched_off what fix from_at"
        " until_at seen_at"
    ),
    "host_repository": (
        "id source url title team repository default_branch is_archived is_private topics"
        " created_at pushed_at began_at ended_at"
    ),
    "change_author": "ordinal change account is_bot",
    "merged_change": (
        "id source url title team repository number kind is_direct services branch"
        " target_branch landed_sha head_sha position commit_count author is_bot authors"
        " is_by_machines told_commits unnamed_authors merged_by opened_at ready_at"
        " last_pushed_at merged_at is_hotfix reverts labels tickets paths path_count"
        " happened_at local_at"
    ),
    "mainline_commit": (
        "id source url title team repository sha position change number is_direct is_signed"
        " committed_at happened_at local_at"
    ),
    "change_review": (
        "id source url change repository account is_bot is_by_author state sha submitted_at"
        " dismissed_at merged_at is_before_merge is_approval is_on_head"
    ),
    "change_check": (
        "change source repository name reporter url result_at_merge completed_at"
        " result_later is_time_untold"
    ),
    "rule_stretch": (
        "id source url repository kind target is_protected is_request_required"
        " required_approvals is_stale_approval_dismissed is_last_push_approval_required"
        " is_code_owner_required is_conversation_resolution_required required_checks"
        " is_up_to_date_required is_force_push_allowed is_deletion_allowed"
        " is_signature_required is_linear_required is_merge_queue_required is_admin_bound"
        " bypass_actors push_actors has_code_owners code_owner_errors team title"
        " is_default_branch began_after_at began_at ended_at"
    ),
    "mainline_rule": (
        "id source url title team repository branch created_at is_archived is_told"
        " is_protected is_request_required required_approvals is_stale_approval_dismissed"
        " is_last_push_approval_required is_code_owner_required"
        " is_conversation_resolution_required required_checks is_up_to_date_required"
        " is_force_push_allowed is_deletion_allowed is_signature_required is_linear_required"
        " is_merge_queue_required is_admin_bound bypass_actors push_actors has_code_owners"
        " code_owner_errors began_after_at began_at ended_at"
    ),
    "rule_change": (
        "id source url title team repository kind target is_default_branch id_before"
        " what_changed is_weaker changed_after_at changed_before_at ended_at happened_at"
        " local_at"
    ),
    "environment_guard": (
        "id source url title team repository environment tier reviewers required_approvals"
        " is_self_approval_barred wait_minutes is_limited_to_protected_branches began_at"
        " ended_at"
    ),
    "deployment_record": (
        "id source url title team service environment tier repository sha version status"
        " started_at deployed_at triggered_by approved_by run is_placed position"
        " is_on_mainline commit_place is_baseline is_rollback excluded is_failed is_watched"
        " failure_reason recovered_at recovery_seconds reviewers required_approvals"
        " is_self_approval_barred happened_at local_at"
    ),
    "deployment_change": "deployment change service environment",
    "release_tag": (
        "id source url title team repository name sha is_move_barred is_deletion_barred"
        " tagged_at happened_at local_at"
    ),
    "security_issue": (
        "id source url title team repository kind number rule subject tool severity state"
        " opened_at fixed_at dismissed_at dismissed_reason is_push_bypassed closed_at"
        " closed_before_at open_seconds began_at ended_at happened_at local_at"
    ),
    "access_right": (
        "id source url title team repository kind subject scope role is_admin is_read_only"
        " has_two_factor created_at expires_at last_used_at began_at ended_at"
    ),
    "host_setting": (
        "id source url title team name is_two_factor_required default_right"
        " default_workflow_right is_workflow_approval_allowed plan began_at ended_at"
    ),
    "recorded_event": (
        "id source url title team repository action actor subject sha detail happened_at local_at"
    ),
    "workflow_use": (
        "id source url title team repository kind name path version is_pinned began_at ended_at"
    ),
    "model_card_told": (
        "id source url model version title owner risk_class licence datasets sections"
        " written_at began_at"
    ),
    "production_model": (
        "id source url title team model environment version version_before is_before_kept"
        " returned_at owner risk_class description service is_registered has_card"
        " began_after_at began_at ended_at"
    ),
    "production_version": (
        "id source url title team model version environment risk_class is_told run"
        " is_run_known run_url training_began_at trained_at code sha is_clean image"
        " has_commit has_environment has_lineage lineage_lacks began_after_at began_at"
        " ended_at"
    ),
    "version_evaluation": (
        "id source url model version run metric value dataset role evaluated_at is_held_out"
    ),
    "production_service": (
        "id source url title team repository service deployed_at began_after_at began_at ended_at"
    ),
    "incident_record": (
        "id source url title team service environment tier severity started_at resolved_at"
        " reopened_count deployment link_method unlinked_reason happened_at local_at"
    ),
}


@pytest.fixture(scope="module", name="whole")
def _whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """A snapshot as people read it: with all facts."""
    with published(tmp_path_factory.mktemp("whole"), [ran(1, "2026-05-01")]) as snapshot:
        yield snapshot


@pytest.mark.parametrize("fact", PUBLISHED)
def test_a_published_fact_has_the_columns_that_others_rely_on(whole: Snapshot, fact: str) -> None:
    columns = whole.query(f"from {fact} limit 0").column_names
    assert columns == CONTRACT[fact].split()


def test_every_fact_is_described_in_the_docs() -> None:
    page = (Path(build.__file__).parents[2] / "docs" / "facts.md").read_text(encoding="utf-8")
    assert [name for name in FACTS if f"`{name}`" not in page] == []


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_says_first_what_one_row_is(name: str) -> None:
    assert fact_sql(name).startswith("-- One row is one ")


def test_a_snapshot_holds_what_is_published_and_nothing_that_led_there(whole: Snapshot) -> None:
    tables = {row["name"] for row in whole.rows("select name from (show tables)")}
    inputs = {
        "annotation",
        "environment_tier",
        "idle_pattern",
        "local_clock",
        "model_setting",
        "owned_dataset",
        "owned_model",
        "owned_pipeline",
        "pipeline_setting",
        "registry_rule",
        "repository_owner",
        "service_owner",
        "setting",
        "team",
        "unowned_repository",
    }
    copies = {"repository", "gap", "stream", "offer", "sync_run"}
    assert tables == set(PUBLISHED) | inputs | copies
    assert set(whole.manifest["rows"]) == tables


def test_facts_lie_in_the_order_of_local_time(story: Story) -> None:
    days = (5, 1, 4, 2, 3)
    facts = story(
        [ran(n, f"2026-05-0{n}", service=f"s{n}") for n in days],
        [change(n, f"2026-05-0{n}") for n in days],
    )
    for fact in ("deployment_outcome", "change_delivery"):
        times = [row["local_at"] for row in facts.snapshot.rows(f"select local_at from {fact}")]
        assert times == sorted(times)


def test_the_same_rows_told_in_another_order_give_the_same_facts(story: Story) -> None:
    records = [
        *[ran(n, f"2026-05-0{n}", service=s) for n in (1, 3, 5) for s in ("web", "api")],
        *[change(n, f"2026-05-0{n}", services=("web", "api")) for n in (2, 4)],
        incident(1, "2026-05-04"),
    ]
    there, back = story(records), story(reversed(records))
    for fact in PUBLISHED:
        rows = f"from {fact} order by all"
        assert there.snapshot.rows(rows) == back.snapshot.rows(rows)


def test_building_again_on_the_same_connection_gives_the_same(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with closing(Working(workspace.working)) as working:
        before = working.connection.execute("show all tables").fetchall()
        for _ in range(2):
            publish(workspace, working.connection, _fill, keep=3)
        assert working.connection.execute("show all tables").fetchall() == before
        assert working.connection.execute("select count(*) from deployment").fetchall() == [(0,)]


def _fill(connection: object, into: str) -> dict[str, object]:
    return build.build(connection, into, Configuration())  # type: ignore[arg-type]

"""What a page of figures is about: its metrics, and the kind of thing they measure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from data.metrics.catalogue import Catalogue
from data.metrics.subject import Subject


@dataclass(frozen=True, slots=True)
class Discipline:
    """One set of metrics that are shown together."""

    key: str
    """Names it in the state of a session."""
    title: str
    subject: Subject
    tiles: tuple[str, ...]
    """Metrics with a tile and a column of their own; the first is chosen at first."""
    more: tuple[str, ...] = ()
    """Metrics that can be chosen besides."""
    caution: str = ""
    """What a reader should bear in mind before comparing its parts."""
    nothing: str = ""
    """What to do where no source tells of any: ends a sentence that says so."""
    things: str = ""
    """What sources tell for it, in the plural, where that is not its subject."""
    has_bands: bool = False
    """Whether a benchmark has published bands for any of them."""
    is_of_quarters: bool = False
    """Whether it begins with the last whole quarter: bills are not final on the day."""
    beside: str = ""
    """Key of the control that chooses among the disciplines of a page, if it has several."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.tiles, *self.more)

    def narrowed(self, known: Catalogue) -> Catalogue:
        """The names without measures of another discipline."""
        if self.subject is not Subject.MEASURE:
            return known
        is_about = self.key == "unit_costs"
        measures = {
            name: team
            for name, team in known.things[Subject.MEASURE].items()
            if (name.partition(":")[0] in _OF_UNITS) is is_about
        }
        return replace(known, things={**known.things, Subject.MEASURE: measures})


DELIVERY = Discipline(
    key="delivery",
    title="Delivery",
    subject=Subject.SERVICE,
    tiles=("deployment_frequency", "lead_time", "change_fail_rate", "recovery_time", "rework_rate"),
    more=("deployment_days",),
    caution="Shaded by band, never ranked: rows stand in alphabetical order. DORA warns against "
    "comparing teams with each other and against making its metrics a target: they are for one "
    "team, over time "
    "([common pitfalls](https://dora.dev/guides/dora-metrics/#common-pitfalls)).",
    nothing="Add a source that knows deployments to `cairn.toml`.",
    has_bands=True,
)
MODELS = Discipline(
    key="models",
    title="Models",
    subject=Subject.MODEL,
    tiles=(
        "model_deployment_frequency",
        "model_lead_time",
        "model_change_fail_rate",
        "model_recovery_time",
        "model_performance_held",
        "model_monitoring_coverage",
        "model_gate_first_pass",
        "model_gate_compliance",
        "model_reproducibility",
        "model_lineage",
    ),
    more=(
        "model_rollback_rate",
        "model_deployment_success",
        "model_drift_rate",
        "model_staleness",
        "experiment_efficiency",
    ),
    caution="Not ranked: models differ in what they are for.",
    nothing="Add a model registry to `cairn.toml` (kind `mlflow`, `kubeflow` or `wandb`), then run "
    "`cairn sync`.",
)
PIPELINES = Discipline(
    key="pipelines",
    title="Data",
    subject=Subject.PIPELINE,
    beside="about",
    tiles=(
        "pipeline_success",
        "pipeline_freshness",
        "pipeline_recovery_time",
        "pipeline_duration",
    ),
    more=("pipeline_change_fail_rate",),
    caution="Not ranked: pipelines differ in what they do.",
    nothing="Add an orchestrator to `cairn.toml` (kind `airflow`, `dbt` or `events`), then run "
    "`cairn sync`.",
)
DATASETS = Discipline(
    key="datasets",
    title="Data",
    subject=Subject.DATASET,
    beside="about",
    tiles=("data_quality", "dataset_lineage"),
    caution="Not ranked: datasets differ in what is checked.",
    nothing="Add results of checks to `cairn.toml` (kind `dbt`, `great_expectations` or `events`), "
    "then run `cairn sync`.",
)
IMPORTED = Discipline(
    key="imported",
    title="Imported",
    subject=Subject.MEASURE,
    tiles=(
        "feature_reuse",
        "demand_prediction_accuracy",
        "training_attended",
        "user_adoption",
        "initiative_return",
        "model_search_time",
        "infrastructure_cost",
        "governance_compliance",
        "security_compliance",
        "data_governance_compliance",
    ),
    caution="Not ranked: these are what files say, and evidence of no control.",
    nothing="Import a file with a source of kind `table` in `cairn.toml`, then run `cairn sync`.",
)
UNIT_COSTS = Discipline(
    key="unit_costs",
    title="Unit costs",
    subject=Subject.MEASURE,
    is_of_quarters=True,
    things="bills with activities",
    tiles=(
        "cost_per_deployment",
        "cost_per_pipeline_run",
        "cost_per_promoted_model",
        "cost_per_thousand_inferences",
        "cost_per_incident",
    ),
    more=("deployment_failure_tax", "cost_per_successful_run", "pipeline_failure_tax"),
    caution="Not ranked: a unit of one team is not a unit of another.",
    nothing="Add a source of kind `bills` to `cairn.toml`, say in the rules what charges were for "
    "(`[[activity]]`), then run `cairn sync`.",
)
_OF_UNITS = frozenset(UNIT_COSTS.metrics)
"""What measures of unit costs begin with."""
OPERATIONS = Discipline(
    key="operations",
    title="Operations",
    subject=Subject.SERVICE,
    things="incidents, alerts, objectives or use of resources",
    tiles=(
        "system_uptime",
        "resource_utilisation",
        "alert_noise",
        "alert_detection_time",
        "alert_resolve_time",
    ),
    more=(
        "alert_acknowledge_time",
        "recovery_time",
        "error_budget_burn",
        "error_budget_left",
        "alert_auto_remediation",
    ),
    caution="Not ranked: services differ in what they bear.",
    nothing="Add a source of alerts or objectives to `cairn.toml` (kind `prometheus`, "
    "`alertmanager` or `pagerduty`), then run `cairn sync`.",
)


@dataclass(frozen=True, slots=True)
class Ambition:
    """Targets that belong together."""

    title: str
    metrics: tuple[str, ...]
    """In the order of the targets' ids."""


AMBITIONS = (
    Ambition(
        "Model development",
        (
            "model_deployment_success",
            "pipeline_success",
            "deployment_time_reduction",
            "model_gate_first_pass",
            "model_rollback_rate",
        ),
    ),
    Ambition(
        "Model management",
        (
            "model_lineage",
            "model_reproducibility",
            "model_search_reduction",
            "governance_compliance",
            "model_performance_held",
        ),
    ),
    Ambition(
        "Data",
        (
            "data_quality",
            "pipeline_freshness",
            "feature_reuse",
            "data_processing_reduction",
            "data_governance_compliance",
        ),
    ),
    Ambition(
        "Infrastructure",
        (
            "system_uptime",
            "demand_prediction_accuracy",
            "resource_utilisation",
            "infrastructure_cost_reduction",
            "security_compliance",
        ),
    ),
)
"""T01 to T20."""

VIEWS = {
    "views/team/delivery.py": (DELIVERY,),
    "views/team/models.py": (MODELS,),
    "views/team/data.py": (PIPELINES, DATASETS),
    "views/team/operations.py": (OPERATIONS,),
    "views/team/imported.py": (IMPORTED,),
    "views/team/unit_costs.py": (UNIT_COSTS,),
}
"""The page that shows each of them."""


def home(metric: str) -> tuple[str, Discipline]:
    """The page that shows the rows of a metric, and as what."""
    return next(
        (view, one) for view, shown in VIEWS.items() for one in shown if metric in one.metrics
    )

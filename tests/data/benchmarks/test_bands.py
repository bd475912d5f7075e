from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.benchmarks.bands import BenchmarkError, Kind, Metric, classify, editions, load
from data.benchmarks.schema import Evidence, read

HOUR, DAY, WEEK, MONTH = 3600, 86400, 604800, 2628000  # seconds; a month is 730 hours
CLUSTERS = ["dora_2019", "dora_2021", "dora_2022", "dora_2023", "dora_2024"]

rates = st.floats(min_value=0, max_value=1)
values = rates | st.floats(min_value=0, allow_nan=False)
metrics = st.sampled_from(list(Metric))


def label(edition: str, metric: str, value: float) -> str:
    band = classify(load(edition), metric, value)
    assert band is not None
    return band.label


def better_first(metric: Metric, one: float, other: float) -> tuple[float, float]:
    worse_first = sorted((one, other), reverse=not metric.is_higher_better)
    return worse_first[1], worse_first[0]


# --- the files ----------------------------------------------------------------------------------


def test_all_editions_are_there_and_load() -> None:
    assert editions() == ["cairn", *CLUSTERS, "dora_2025", "quick_check"]
    kinds = {edition: load(edition).kind for edition in editions()}
    assert {kinds.pop(edition) for edition in CLUSTERS} == {Kind.CENTROIDS}
    assert kinds == {
        "cairn": Kind.THRESHOLDS,
        "dora_2025": Kind.DISTRIBUTION,
        "quick_check": Kind.SCALE,
    }


@pytest.mark.parametrize("edition", editions())
def test_every_value_says_what_was_published_and_where(edition: str) -> None:
    benchmark = load(edition)
    for stated in benchmark.statements:
        assert stated.says
        assert stated.at
        sources = [benchmark.sources[source] for source in stated.cite]
        assert sources
        assert all(one.title and one.publisher and one.url and one.read_as for one in sources)


@pytest.mark.parametrize("edition", [edition for edition in editions() if edition != "cairn"])
def test_nothing_of_our_own_stands_in_a_published_edition(edition: str) -> None:
    assert Evidence.OWN not in {stated.evidence for stated in load(edition).statements}


def test_our_own_thresholds_are_marked_as_our_own_and_each_says_why() -> None:
    benchmark = load("cairn")
    assert {stated.evidence for stated in benchmark.statements} == {Evidence.OWN}
    for levels in benchmark.metrics.values():
        assert [level.name for level in levels] == ["elite", "high", "medium", "low"]
        assert all(level.rationale for level in levels)


@pytest.mark.parametrize("edition", CLUSTERS)
def test_cluster_shares_are_all_of_the_respondents(edition: str) -> None:
    shares = [cluster.share.value for cluster in load(edition).clusters]
    assert sum(share for share in shares if share is not None) == pytest.approx(1, abs=0.0101)


def test_answers_of_2025_are_all_of_the_respondents_or_have_declared_gaps() -> None:
    for metric, levels in load("dora_2025").metrics.items():
        shares = [level.share.value for level in levels if level.share is not None]
        assert len(shares) == len(levels)
        if metric is Metric.REWORK_RATE:
            assert shares == [None] * 7
        else:
            known = [share for share in shares if share is not None]
            assert len(known) == len(levels)
            assert sum(known) == pytest.approx(1, abs=0.0025)


def test_an_unknown_edition_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BenchmarkError, match=r"no benchmark 'dora_2020'.*dora_2019, dora_2021"):
        load("dora_2020")


GOOD_FILE = """
id: good
title: A survey
kind: centroids
sources: {report: {title: T, year: 2020, publisher: P, url: U, read_as: a test}}
readings: []
clusters:
  - {name: best, share: {says: 99%, value: 0.99, cite: [report], at: p. 1, evidence: publication}}
metrics:
  lead_time:
    - {name: best, says: Less, below: 60, cite: [report], at: p. 1, evidence: publication}
"""


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (("cite: [report], at: p. 1, evidence: publication}}", ""), "not valid YAML"),
        (("below: 60, cite: [report]", "below: 60, cite: []"), "cites no source"),
        (("kind: centroids", "kind: opinion"), "kind: Input should be"),
        (("below: 60", "beneath: 60"), "beneath: Extra inputs"),
        (("value: 0.99", "value: null"), "null exactly when it is unverified"),
        (("evidence: publication}\n", "evidence: unverified}\n"), "says what was tried"),
        (("evidence: publication}\n", "evidence: corroborated}\n"), "fewer than two sources"),
        (("{report: {title", "{paper: {title"), "cites sources it does not list: report"),
        (("- {name: best, says", "- {name: worst, says"), "not the clusters in their order"),
        (("kind: centroids", "kind: thresholds"), "needs a rationale"),
        (("id: good", "id: other"), "its id is 'other'"),
    ],
)
def test_a_broken_file_is_refused_with_file_and_place(
    tmp_path: Path, broken: tuple[str, str], says: str
) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD_FILE, encoding="utf-8")
    assert read(path).id == "good"
    path.write_text(GOOD_FILE.replace(*broken), encoding="utf-8")
    with pytest.raises(BenchmarkError, match=says) as refusal:
        read(path)
    assert refusal.value.where == str(path)
    assert "\n" not in str(refusal.value)


# --- what is not measured has no band -----------------------------------------------------------


@pytest.mark.parametrize("edition", editions())
def test_a_metric_without_published_values_has_no_band(edition: str) -> None:
    assert classify(load(edition), "deployment_days", 3) is None


@pytest.mark.parametrize("edition", CLUSTERS)
def test_no_cluster_has_a_rework_rate(edition: str) -> None:
    assert classify(load(edition), "rework_rate", 0.1) is None


@pytest.mark.parametrize("value", [None, math.nan, -1.0])
def test_no_value_and_no_number_from_zero_up_have_no_band(value: float | None) -> None:
    assert classify(load("cairn"), "lead_time", value) is None


# --- our own thresholds -------------------------------------------------------------------------


WITHOUT_HOLES = [
    (edition, metric)
    for edition in ("cairn", "dora_2025", "quick_check")
    for metric in Metric
    if edition != "quick_check" or not metric.endswith("_rate")  # rates are a line of points
]


@pytest.mark.parametrize(("edition", "metric"), WITHOUT_HOLES)
def test_levels_meet_in_order_from_zero_to_infinity(edition: str, metric: Metric) -> None:
    levels = load(edition).metrics[metric]
    rising = levels[::-1] if metric.is_higher_better else levels
    assert rising[0].holds(0)
    assert rising[-1].holds(math.inf)
    for lower, upper in pairwise(rising):
        assert lower.high == upper.low
        assert lower.holds(lower.high) != upper.holds(upper.low)


@given(metric=metrics, value=values)
def test_every_value_has_exactly_one_of_our_bands(metric: Metric, value: float) -> None:
    assert sum(level.holds(value) for level in load("cairn").metrics[metric]) == 1


@given(metric=metrics, one=values, other=values)
def test_a_better_value_never_has_a_worse_band(metric: Metric, one: float, other: float) -> None:
    better, worse = better_first(metric, one, other)
    ranks = [classify(load("cairn"), metric, value) for value in (better, worse)]
    assert ranks[0] is not None
    assert ranks[1] is not None
    assert (ranks[0].rank or 0) <= (ranks[1].rank or 0)


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [
        ("deployment_frequency", 0, "low"),
        ("deployment_frequency", 1 / 31, "medium"),
        ("deployment_frequency", 4 / 28, "high"),
        ("deployment_frequency", 1, "elite"),
        ("lead_time", 0, "elite"),
        ("lead_time", DAY - 1, "elite"),
        ("lead_time", DAY, "high"),
        ("lead_time", WEEK, "medium"),
        ("lead_time", MONTH, "low"),
        ("recovery_time", HOUR, "high"),
        ("recovery_time", DAY, "medium"),
        ("recovery_time", WEEK, "low"),
        ("change_fail_rate", 1 / 20, "elite"),
        ("change_fail_rate", 2 / 20, "high"),
        ("change_fail_rate", 4 / 20, "medium"),
        ("change_fail_rate", 5 / 20, "low"),
        ("rework_rate", 1, "low"),
    ],
)
def test_a_border_belongs_to_the_band_that_names_it(
    metric: str, value: float, expected: str
) -> None:
    assert label("cairn", metric, value) == expected


# --- published clusters -------------------------------------------------------------------------


def test_in_2024_the_high_cluster_fails_more_often_than_the_medium_one() -> None:
    assert label("dora_2024", "change_fail_rate", 0.10) == "medium"
    assert label("dora_2024", "change_fail_rate", 0.20) == "high"
    band = classify(load("dora_2024"), "change_fail_rate", 0.20)
    assert band is not None
    assert band.rank is None
    assert "high (20%) is worse than medium (10%)" in band.description


@pytest.mark.parametrize("edition", [edition for edition in CLUSTERS if edition != "dora_2024"])
@pytest.mark.parametrize("metric", list(Metric))
def test_no_other_year_is_out_of_order(edition: str, metric: Metric) -> None:
    band = classify(load(edition), metric, 1)
    assert band is None or "is worse than" not in band.description


@pytest.mark.parametrize(
    ("edition", "metric", "value", "expected"),
    [
        ("dora_2024", "change_fail_rate", 0.15, "between medium and high"),
        ("dora_2024", "change_fail_rate", 0.30, "between high and low"),
        ("dora_2021", "lead_time", 2 * HOUR, "between elite and high"),
        ("dora_2021", "lead_time", 2 * WEEK, "between high and medium"),
        ("dora_2021", "deployment_frequency", 0.5, "between elite and high"),
        ("dora_2019", "change_fail_rate", 0.30, "between elite/high/medium and low"),
    ],
)
def test_a_hole_between_clusters_is_called_a_hole(
    edition: str, metric: str, value: float, expected: str
) -> None:
    band = classify(load(edition), metric, value)
    assert band is not None
    assert band.label == expected
    assert band.rank is None


@pytest.mark.parametrize(
    ("edition", "metric", "value", "expected"),
    [
        ("dora_2019", "change_fail_rate", 0.10, "elite, high or medium"),
        ("dora_2021", "change_fail_rate", 0.20, "high, medium or low"),
        ("dora_2023", "lead_time", 2 * WEEK, "medium or low"),
        ("dora_2024", "recovery_time", 2 * HOUR, "high or medium"),
    ],
)
def test_clusters_that_share_a_value_are_all_named(
    edition: str, metric: str, value: float, expected: str
) -> None:
    band = classify(load(edition), metric, value)
    assert band is not None
    assert band.label == expected
    assert band.rank is None


@pytest.mark.parametrize(
    ("edition", "metric", "value", "expected"),
    [
        ("dora_2024", "change_fail_rate", 0, "better than elite"),
        ("dora_2024", "change_fail_rate", 1, "worse than low"),
        ("dora_2022", "lead_time", HOUR, "better than high"),
        ("dora_2023", "deployment_frequency", 0, "worse than medium or low"),
    ],
)
def test_beyond_all_clusters_is_said_so(
    edition: str, metric: str, value: float, expected: str
) -> None:
    assert label(edition, metric, value) == expected


@pytest.mark.parametrize(
    ("edition", "metric", "value", "expected", "rank"),
    [
        ("dora_2019", "deployment_frequency", 1, "high", 1),
        ("dora_2019", "deployment_frequency", 4 / 28, "high", 1),
        ("dora_2019", "deployment_frequency", 1.01, "elite", 0),
        ("dora_2021", "deployment_frequency", 4 / 28, "high", 1),
        ("dora_2021", "change_fail_rate", 0.154, "elite", 0),
        ("dora_2022", "change_fail_rate", 0.5, "low", 2),
        ("dora_2023", "change_fail_rate", 0.054, "elite", 0),
        ("dora_2024", "lead_time", DAY, "high", 1),
        ("dora_2024", "lead_time", MONTH, "low", 3),
    ],
)
def test_a_value_in_one_published_range_has_that_cluster(
    edition: str, metric: str, value: float, expected: str, rank: int
) -> None:
    band = classify(load(edition), metric, value)
    assert band is not None
    assert (band.label, band.rank) == (expected, rank)


@given(edition=st.sampled_from(CLUSTERS), metric=metrics, value=values)
def test_each_cluster_edition_says_something_of_every_value(
    edition: str, metric: Metric, value: float
) -> None:
    band = classify(load(edition), metric, value)
    assert (band is None) == (metric is Metric.REWORK_RATE)


# --- distributions ------------------------------------------------------------------------------


@given(
    edition=st.sampled_from(["dora_2025", "quick_check"]),
    metric=st.sampled_from(["deployment_frequency", "lead_time", "recovery_time"]),
    value=values,
)
def test_every_value_is_exactly_one_answer(edition: str, metric: str, value: float) -> None:
    assert sum(level.holds(value) for level in load(edition).metrics[Metric(metric)]) == 1


def test_a_value_is_ahead_of_those_who_gave_a_worse_answer() -> None:
    band = classify(load("dora_2025"), "lead_time", 3 * DAY)
    assert band is not None
    assert band.label == "ahead of 43.5 %"
    assert band.ahead_of == pytest.approx(0.283 + 0.132 + 0.020)
    assert "“Between one day and one week” was the answer of 31.9 %" in band.description
    assert "Read in one account" in band.description


def test_the_worst_answer_is_ahead_of_nobody() -> None:
    band = classify(load("dora_2025"), "deployment_frequency", 0)
    assert band is not None
    assert (band.ahead_of, band.rank) == (0, 5)


@given(metric=metrics, one=values, other=values)
def test_a_better_value_is_never_ahead_of_fewer(metric: Metric, one: float, other: float) -> None:
    better, worse = better_first(metric, one, other)
    ahead = [classify(load("dora_2025"), metric, value) for value in (better, worse)]
    assert ahead[0] is not None
    assert ahead[1] is not None
    assert (ahead[0].ahead_of or 0) >= (ahead[1].ahead_of or 0)


@given(value=rates)
def test_rework_has_an_answer_and_no_percentile_while_its_shares_are_unverified(
    value: float,
) -> None:
    band = classify(load("dora_2025"), "rework_rate", value)
    assert band is not None
    if value <= 0.64:  # no answer is worse than the last, whatever the shares are
        assert band.ahead_of is None
        assert "%" in band.label
        assert "could not be verified" in band.description


# --- the scale ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "value", "score"),
    [
        ("lead_time", 0, 10),
        ("lead_time", HOUR, 8),
        ("lead_time", DAY, 6),
        ("lead_time", WEEK, 4),
        ("lead_time", MONTH, 2),
        ("recovery_time", 7 * MONTH, 0),
        ("deployment_frequency", 25, 10),
        ("deployment_frequency", 24, 8),
        ("deployment_frequency", 1, 6),
        ("deployment_frequency", 0, 0),
        ("change_fail_rate", 0, 10),
        ("change_fail_rate", 0.25, 7.5),
        ("rework_rate", 1, 0),
    ],
)
def test_quick_check_scores(metric: str, value: float, score: float) -> None:
    band = classify(load("quick_check"), metric, value)
    assert band is not None
    assert band.score == pytest.approx(score)
    assert band.label == f"{score:.1f} of 10"


@given(metric=metrics, one=values, other=values)
def test_a_better_value_never_scores_less(metric: Metric, one: float, other: float) -> None:
    better, worse = better_first(metric, one, other)
    scores = [classify(load("quick_check"), metric, value) for value in (better, worse)]
    assert scores[0] is not None
    assert scores[1] is not None
    assert 10 >= (scores[0].score or 0) >= (scores[1].score or 0) >= 0


def test_the_mean_of_all_respondents_is_that_of_the_latest_edition() -> None:
    band = classify(load("quick_check"), "change_fail_rate", 0.5)
    assert band is not None
    assert "All respondents of 2025: mean 8.1, standard deviation 2.1." in band.description

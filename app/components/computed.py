"""How a figure is computed: in words, in SQL, and as the command that gives the same answer."""

from __future__ import annotations

import shlex

import streamlit as st

from app.components.question import Question
from app.wording import plain, rounded_percent
from data.metrics.definition import Definition
from data.metrics.engine import Evaluation, left_out
from data.metrics.evidence import filled
from data.store.snapshot import Snapshot


def computed(snapshot: Snapshot, question: Question, answer: Evaluation) -> None:
    """Explains the figure whose rows are shown; works only while it is unfolded."""
    metric = answer.definition
    fold = st.expander(
        f"How it is computed: {metric.title}",
        icon=":material/function:",
        key="computed",
        on_change="rerun",
    )
    if not fold.open:
        return
    with fold:
        st.markdown(f"**{plain(metric.question)}** {plain(metric.explanation)}")
        st.caption(f"Source: {plain(metric.source)}")
        _facts(metric)
        _left_out(snapshot, question, metric)
        st.markdown("**The same answer on the command line**")
        st.code("\n".join(commands(question, answer)), language="bash", wrap_lines=True)
        st.markdown("**The SQL, with its parameters filled in**")
        st.code(filled(answer.statement), language="sql", height=360)


def commands(question: Question, answer: Evaluation) -> list[str]:
    """The commands that give the figure and its rows, run in the folder that is served."""
    scope, window, metric = question.rows_scope, question.rows_window, answer.definition.id
    has_environments = question.subject.has_environments
    options = [
        *(["--team", scope.team] if scope.team else []),
        *(["--own"] if scope.is_own else []),
        *([f"--{question.subject}", item] if (item := scope.named(question.subject)) else []),
        *(["--environment", scope.environment or "all"] if has_environments else []),
        *("--from", window.start.isoformat(), "--to", window.end.isoformat()),
        *("--snapshot", answer.snapshot),
    ]
    return [
        shlex.join(["cairn", "metric", metric, *options, "--edition", question.edition]),
        shlex.join(["cairn", "rows", metric, *options, "--format", "csv"]),
    ]


def _facts(metric: Definition) -> None:
    kind = {"exact": "exact: measured as defined", "proxy": "proxy: stands in for what cannot be "
            "seen directly", "self_reported": "self-reported"}  # fmt: skip
    st.table(
        {
            "Definition": f"`{metric.id}`, version {metric.version}, of {plain(metric.owner)}",
            "Hash": f"`{metric.sha256[:16]}…`",
            "Kind": kind[metric.kind.value],
            "Band": f"from {metric.min_n} rows and a coverage of "
            f"{rounded_percent(metric.min_coverage)}",
            "Material change": f"from {rounded_percent(metric.material_change)}; "
            f"{metric.better} is better",
        },
        border="horizontal",
    )


def _left_out(snapshot: Snapshot, question: Question, metric: Definition) -> None:
    counts = left_out(snapshot, metric, question.rows_scope, question.rows_window)
    st.markdown("**Left out on purpose**")
    if not metric.excluded:
        st.caption("Nothing.")
        return
    st.table(
        {
            "Rows": [f"{counts.get(e.name, 0):,}" for e in metric.excluded],
            "Which": [plain(e.name) for e in metric.excluded],
            "Why": [plain(e.why) for e in metric.excluded],
        },
        border="horizontal",
        hide_index=True,
    )

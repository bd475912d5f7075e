"""Unit costs: what one of each thing that is delivered costs."""

from __future__ import annotations

import streamlit as st

from app.components.cost.nothing import no_bills
from app.components.discipline import UNIT_COSTS
from app.components.figures import figures
from app.components.published import current
from app.components.question import Question
from data.costs.views.asked import has_costs
from data.costs.views.told import reporting_currency
from data.metrics.catalogue import Catalogue
from data.store.snapshot import Snapshot


def _currency(snapshot: Snapshot, _known: Catalogue, _asked: Question) -> None:
    currency = reporting_currency(snapshot)
    if currency is not None:
        st.caption(f"All amounts are effective cost in {currency}.")


if has_costs(current()):
    figures(UNIT_COSTS, _currency)
else:
    st.title(UNIT_COSTS.title, anchor=False)
    no_bills("tells what a deployment, a run of a pipeline, a model or an incident costs")

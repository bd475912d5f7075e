"""Navigation, who is let in, and the one snapshot that a run of a page is made from."""

from __future__ import annotations

import streamlit as st

from app.components.empty import Cause, empty
from app.components.failure import failure
from app.components.freshness import freshness_line
from app.components.mark import STONES, named
from app.components.palette import palette
from app.components.published import opened, workspace
from app.components.sign_in import ask, reader, signed_in
from data.errors import CairnError
from data.store.retention import published
from data.store.snapshot import NothingPublished

# Before the pages are named: the icon of a page would be fetched from elsewhere for the tab.
st.set_page_config(page_icon=STONES, layout="wide", initial_sidebar_state=272)
try:
    who = reader()
except CairnError as error:
    failure(error)
    st.stop()
page = st.navigation(
    {
        "Leadership": [
            st.Page(
                "views/leadership/targets.py",
                title="Targets",
                icon=":material/target:",
                help="The twenty targets: which are met, which are missed, and of which nothing "
                "is known and why.",
            ),
            st.Page(
                "views/leadership/cost_overview.py",
                title="Cost overview",
                icon=":material/payments:",
                help="What everything costs by team, service and category, how it changes, and "
                "what nobody has.",
            ),
        ],
        "Team": [
            st.Page(
                "views/team/delivery.py",
                title="Delivery",
                icon=":material/rocket_launch:",
                default=True,
                help="How often and how well teams bring changes to production: the five DORA "
                "metrics, their trend, and the rows behind every figure.",
            ),
            st.Page(
                "views/team/models.py",
                title="Models",
                icon=":material/model_training:",
                help="Which version of a model serves, how it came there, whether it holds its "
                "level, and whether it could be made again.",
            ),
            st.Page(
                "views/team/data.py",
                title="Data",
                icon=":material/schema:",
                help="Whether pipelines succeed and are in time, and what the checks of data say.",
            ),
            st.Page(
                "views/team/operations.py",
                title="Operations",
                icon=":material/monitor_heart:",
                help="Objectives and how fast their budgets burn, the use of resources, and what "
                "alerts led to.",
            ),
            st.Page(
                "views/team/imported.py",
                title="Imported",
                icon=":material/upload_file:",
                help="What files tell that no other source does: audits, surveys, bills.",
            ),
            st.Page(
                "views/team/team_cost.py",
                title="Team cost",
                icon=":material/request_quote:",
                help="A team's own bill: what is direct, what is shared by which ratio and why, "
                "and what nobody has yet.",
            ),
            st.Page(
                "views/team/unit_costs.py",
                title="Unit costs",
                icon=":material/sell:",
                help="What a deployment, a run, a promoted model, a thousand inferences and an "
                "incident cost, as far as bills tell.",
            ),
        ],
        "Governance": [
            st.Page(
                "views/governance/posture.py",
                title="Posture",
                icon=":material/verified_user:",
                help="Which frameworks and clauses are met by which team, and which controls fail.",
            ),
            st.Page(
                "views/governance/control.py",
                title="Control",
                icon=":material/rule:",
                help="One control: what it asks, whom, what fails, since when, and how to mend it.",
            ),
            st.Page(
                "views/governance/audit_trail.py",
                title="Audit trail",
                icon=":material/history_edu:",
                help="Who did what, when, before and after: searched, with the proof of each "
                "entry.",
            ),
            st.Page(
                "views/governance/waivers.py",
                title="Waivers and attestations",
                icon=":material/approval_delegation:",
                help="Failures that may stand for a time, answers where no source tells, reviews "
                "of access: ask, answer, decide.",
            ),
            st.Page(
                "views/governance/blind_spots.py",
                title="Blind spots",
                icon=":material/visibility_off:",
                help="What controls cannot see, and which right or source would open their eyes.",
            ),
        ],
        "Finance": [
            st.Page(
                "views/finance/allocation.py",
                title="Allocation",
                icon=":material/account_tree:",
                help="By which rules and pools bills are divided, what nobody has, which rows are "
                "refused, and why the sum is right.",
            ),
            st.Page(
                "views/finance/commitments.py",
                title="Commitments",
                icon=":material/handshake:",
                help="What was bought ahead, what of it is used, what is not, and who bears that.",
            ),
            st.Page(
                "views/finance/statements.py",
                title="Statements",
                icon=":material/receipt_long:",
                help="What each team is charged for a month and why the sum is right, as files; "
                "which months are closed.",
            ),
        ],
        "Admin": [
            st.Page(
                "views/admin/sources.py",
                title="Sources",
                icon=":material/database:",
                help="How fresh the data is, what is missing and why, and what nobody owns.",
            )
        ],
    },
    position="sidebar" if who.standing.is_let_in else "hidden",
    expanded=True,
)
st.set_page_config(page_title=f"{page.title} · Cairn")
st.logo(named(palette().text), size="large", icon_image=STONES)

if not who.standing.is_let_in:
    ask(who)
    st.stop()
signed_in(who)
try:
    with opened() as snapshot:
        freshness_line(snapshot)
        page.run()
except CairnError as error:
    st.title(page.title, anchor=False)
    if isinstance(error, NothingPublished) and not published(workspace()):
        empty(Cause.NOTHING_PUBLISHED)
    else:
        failure(error)

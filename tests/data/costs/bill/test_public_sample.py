"""The public sample of FOCUS 1.0: its sums are what they are told to be.

It lies in the folder named by CAIRN_SAMPLES, else in `../shared/samples` beside the repository.
"""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from data.costs.bill.examining import examine
from data.costs.bill.form import Form

_REPOSITORY = Path(__file__).parents[4]
_FOLDER = os.environ.get("CAIRN_SAMPLES") or _REPOSITORY.parent / "shared" / "samples"
SAMPLE = Path(_FOLDER) / "focus_1_0_sample.csv"


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample is not here")
def test_the_sample_adds_up_to_the_last_digit() -> None:
    found = examine(SAMPLE, Form())
    assert (found.version, found.rows, found.taken) == ("1.0", 1000, 1000)
    sums = {one.amount: (one.sum, one.rows, one.of) for one in found.totals}
    assert sums["BilledCost"] == (Decimal("20.52022672899"), 1000, 1000)
    assert sums["EffectiveCost"] == (Decimal("14.97651418586"), 1000, 1000)
    assert sums["ContractedCost"] == (Decimal("14.97626039326"), 993, 1000)

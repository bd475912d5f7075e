"""The document of a pack says in one line why it cannot be set."""

from __future__ import annotations

import pytest

from app.reports.pack.document import document
from app.reports.pdf import NotSet
from tests.app.reports.samples import assessment


def test_a_document_is_set_and_the_same_to_the_byte() -> None:
    made = document(assessment(), {}, {}, {"Organisation": "Example Works"})
    assert made.startswith(b"%PDF-")
    assert document(assessment(), {}, {}, {"Organisation": "Example Works"}) == made


def test_a_name_that_no_font_shows_is_told_in_one_line() -> None:
    with pytest.raises(NotSet) as refused:
        document(assessment(organisation="a\x1bb"), {}, {}, {})
    assert str(refused.value).startswith("the evidence pack of SOC 2")
    assert "cannot be set as PDF" in str(refused.value)
    assert "\n" not in str(refused.value)

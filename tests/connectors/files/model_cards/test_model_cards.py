"""What model cards say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.files.model_cards.connector import ModelCards
from data.model import ModelCard
from tests.connectors.files.source import FileSource, made, output


@pytest.fixture
def cards(tmp_path: Path) -> Iterator[FileSource]:
    with made(ModelCards, tmp_path) as source:
        yield source


def test_a_card_says_what_an_audit_asks_for(cards: FileSource) -> None:
    cards.read({"churn/README.md": output("model_cards/README.md")})
    (card,) = cards.all(ModelCard)
    assert (card.model, card.version, card.title) == ("churn", "7", "Customer churn")
    assert (card.owner, card.risk_class, card.licence) == (
        "customer-insight",
        "limited",
        "apache-2.0",
    )
    assert card.datasets == ("shop/customers", "shop/orders", "shop/holdout")
    assert card.sections == ("Customer churn", "Intended use", "Limits", "Bias")
    assert card.sha is None
    assert card.written_at is not None


@pytest.mark.parametrize(
    ("path", "text", "model"),
    [
        ("model_card.md", "---\nmodel: churn\nmodel_name: x\n---\n# Title\n", "churn"),
        ("model_card.md", "---\nmodel_name: churn\n---\n# Title\n", "churn"),
        ("model_card.md", "# Title\n", "Title"),
        ("model_card.md", "no heading\n", "model_card"),
        ("churn/README.md", "---\nlicense: mit\n---\n", "churn"),
        ("README.md", "---\nlicense: mit\n---\n", "README"),
        ("model_card.md", "\ufeff---\r\nmodel: churn\r\n---\r\n# Title\r\n", "churn"),
        ("model_card.md", "---\n---\n# Title\n", "Title"),
    ],
)
def test_a_model_is_named_by_key_heading_or_file(
    cards: FileSource, path: str, text: str, model: str
) -> None:
    cards.read({path: text})
    assert [card.model for card in cards.all(ModelCard)] == [model]


def test_a_readme_that_is_about_no_model_is_no_card(cards: FileSource) -> None:
    cards.read({"README.md": "# Shop\n", "docs/README.md": "---\ntitle: Shop\n---\n# Docs\n"})
    assert (cards.all(ModelCard), cards.told()) == ([], [])


def test_a_version_is_the_text_that_is_written(cards: FileSource) -> None:
    cards.read({"model_card.md": "---\nversion: 1.10\n---\n"})
    assert [card.version for card in cards.all(ModelCard)] == ["1.10"]


def test_headings_in_code_are_none(cards: FileSource) -> None:
    text = "# A\n~~~~\n# no\n~~~\n# no\n~~~~\n## B #\n#no\n    # no\n"
    cards.read({"model_card.md": text})
    assert [card.sections for card in cards.all(ModelCard)] == [("A", "B")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"---\nlicense: [\n---\n", "no YAML that can be read in line 2"),
        (b"---\n- a\n---\n", "what stands between the lines `---` is no mapping"),
        (b"---\nlicense: mit\n---\n\xff", "it is no text in UTF-8"),
        (b"---\nlicense: {a: b}\n---\n", "cannot be understood"),
    ],
)
def test_a_card_that_cannot_be_read_is_told(cards: FileSource, text: bytes, what: str) -> None:
    cards.read({"model_card.md": text})
    assert cards.all(ModelCard) == []
    assert what in cards.told()[0]


def test_nothing_but_what_is_read_is_archived(cards: FileSource) -> None:
    told = output("model_cards/README.md").replace(
        b"language: en", b"token: hunter2-key\nowner_note: {a: hunter2-note}\nlanguage: hunter2-en"
    )
    told = told.replace(b"value: 0.93", b"value: hunter2-value").replace(
        b"Retention offers.", b"Retention offers, by hunter2-text."
    )
    cards.read({"churn/README.md": told, "README.md": "# Shop\n\nThe password is hunter2-pw.\n"})
    assert told.count(b"hunter2") == 5
    assert "hunter2" not in cards.everything()
    assert [(card.model, len(card.sections)) for card in cards.all(ModelCard)] == [("churn", 4)]

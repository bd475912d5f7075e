"""The source `model_cards` against the clauses that bind every kind of source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from connectors.files.model_cards.connector import ModelCards
from tests.connectors.conformance import Conformance
from tests.connectors.files.binding import NOT_APPLICABLE, TIMES, UNMAPPED, Files, FilesBinding
from tests.connectors.files.source import output
from tests.connectors.house import RowKey


def card(name: str, licence: str) -> bytes:
    return f"---\nmodel: {name}\nlicense: {licence}\n---\n# {name}\n## Use\n".encode()


class ModelCardsBinding(FilesBinding):
    """Four cards, and a README that is none."""

    connector_class = ModelCards

    def start(self) -> Files:
        return {
            "README.md": b"# Models of the shop\n",
            "churn/README.md": output("model_cards/README.md"),
            **{f"{name}_model_card.md": card(name, "mit") for name in "abc"},
        }

    def further(self, number: int) -> Files:
        return {
            f"new-{number}-model-card.md": card(f"new-{number}", "mit"),
            "a_model_card.md": card("a", f"licence-{number}"),
        }

    def removed(self) -> tuple[str, RowKey]:
        return "b_model_card.md", ("model_card", "model_cards:shop#card/b_model_card.md")

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        def damage(licence: str) -> Callable[[], int]:
            def write() -> int:
                self.write({"a_model_card.md": card("a", licence)})
                return 1

            return write

        return {"a list of lists": damage("[[mit]]"), "a mapping": damage("{name: mit}")}


class TestModelCards(Conformance):
    binding = ModelCardsBinding
    not_applicable: ClassVar[Mapping[str, str]] = NOT_APPLICABLE | {
        TIMES: "there are no times in a card",
        UNMAPPED: "cards are archived by an allow-list: text may say anything",
    }

"""The source `model_cards`."""

from __future__ import annotations

from typing import ClassVar

from connectors.files.connector import FileConnector
from connectors.files.model_cards.card import card_rows, kept
from connectors.files.stream import FileStream


class ModelCards(FileConnector):
    """Reads what people wrote down about models."""

    kind = "model_cards"
    patterns = (
        "**/README.md",
        "**/*model*card*.md",
        "**/*MODEL*CARD*.md",
    )
    is_kept_in_git = True
    streams: ClassVar[tuple[FileStream, ...]] = (
        FileStream("cards", ("model_card",), card_rows, kept=kept, is_dated=True),
    )

"""Documents as PDF: a template that is given what it says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from data.errors import CairnError


class NotSet(CairnError):
    """Something that a document says cannot be set, as signs that no font has."""


def pdf(template: Path, content: Mapping[str, Any], at: datetime, title: str, fix: str) -> bytes:
    """The document. The same content gives the same bytes. Accessible as PDF/UA-1 asks.

    Args:
        template: file of the template.
        content: what it says.
        at: the time that it carries.
        title: what it is, for who reads that it cannot be set.
        fix: what they can do then.

    Raises:
        NotSet: if something in it cannot be set.
    """
    try:
        return typst.compile(
            template,
            format="pdf",
            sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        said = " ".join(str(error).split())
        raise NotSet(f"{title} cannot be set as PDF ({said})", "", fix) from error

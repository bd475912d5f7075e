"""What is wrong with a log as a whole, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from data.ledger.finding import About, Finding

_DOCUMENT = "See `docs/ledger.md`, *When something goes wrong*."
_BROKEN = f"""\
What can be read is still shown below; rely on none of it before this is settled. Nothing more is \
appended meanwhile.
1. Change nothing in the folder `ledger`, and copy it as it is.
2. Hold it against what you kept elsewhere: `cairn audit verify --checkpoint FILE --key FILE`.
3. Bring back a backup that all kept checkpoints fit. {_DOCUMENT}"""
_NOT_SEALED = f"""\
The entries are right; some byte of the file is not. A tool that packs databases does that too: if \
one did, run `cairn audit checkpoint --reseal --reason …`, which records it. {_DOCUMENT}"""
_OTHER_BOOK = """\
The log itself is what was signed. Copy `decisions.db` as it is, then bring back one that fits the \
log. A decision that was only not logged yet is logged by the next sync."""


def advice(findings: Sequence[Finding]) -> tuple[str, str]:
    """What is wrong, in a title, and what to do.

    Args:
        findings: of the whole check; none if something was seen at a glance.
    """
    about = {one.about for one in findings}
    if about == {About.SEAL}:
        return "The file is not the one that was sealed", _NOT_SEALED
    if about == {About.DECISIONS}:
        return "The book of decisions is not the one that was logged", _OTHER_BOOK
    return "The log is not what was signed", _BROKEN

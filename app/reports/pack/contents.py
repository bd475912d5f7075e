"""What lies in a pack: tables, definitions, statements, documents, and the proofs beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.reports.assessment import Assessment, Evidence
from app.reports.oscal import assessment_results
from app.reports.pack import tables
from app.reports.pack.document import document
from app.reports.pack.evidence import EVIDENCE, Pieces, Samples, evidence
from app.reports.pack.manifest import NAME, manifest
from app.reports.pack.tables import csv_of
from app.reports.pack.workbook import Sheet, workbook
from data.controls.evidence.piece import statements
from data.controls.mainline import Mainline
from data.controls.outcome import Outcome
from data.controls.reconciliation import Reconciliation

Files = dict[str, bytes]
"""Files by their paths in the pack."""


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a pack is made from."""

    assessment: Assessment
    about: Mapping[str, str]
    """What to have the answer again with, in words, in their order."""
    samples: Samples
    pieces: Pieces
    """The evidence of what was drawn."""
    reconciled: Mapping[str, Reconciliation]
    """The population of each control, counted another way."""
    mainlines: Sequence[Mainline]
    definitions: Mapping[str, bytes]
    """The files of controls and frameworks, by their paths in the pack."""

    def files(self) -> Files:
        """The files, with the manifest that lists all others. The same content, the same bytes."""
        found = {
            "README.txt": _README.encode(),
            **self.definitions,
            **{f"{name}.csv": csv_of(rows, columns) for name, columns, rows in self._tables()},
            **dict(self._of_each()),
            **{f"sql/evidence/{name}.sql": sql.encode() for name, sql in statements().items()},
            "pack.pdf": document(self.assessment, self.samples, self.pieces, self.about),
            "pack.xlsx": workbook(self.about, self._sheets(), self.assessment.as_of),
        }
        if self.assessment.framework is not None and self.assessment.answered():
            told = replace(self.assessment, evidence=tuple(self._evidence(found)))
            found["oscal.json"] = assessment_results(told)
        return {**found, NAME: manifest(found, self.about)}

    def _evidence(self, found: Files) -> Iterator[Evidence]:
        """The tables that statements rest on, with their hashes."""
        yield _table("What each control came to", "results.csv", found)
        for one in self.assessment.outcomes:
            name = one.control.id
            yield _table(f"Members of {name}", f"populations/{name}.csv", found, name)

    def _tables(self) -> Iterator[Sheet]:
        made = self.assessment
        yield "results", tables.RESULTS, tables.results(made)
        yield "reconciliation", tables.RECONCILED, tables.reconciled(self.reconciled)
        yield "mainlines", tables.MAINLINES, tables.mainlines(self.mainlines)
        yield "left_out", tables.LEFT_OUT, tables.left_out(made)
        yield "waivers", tables.WAIVERS, tables.waivers(made)
        yield "attestations", tables.ATTESTATIONS, tables.attestations(made)
        yield "evidence", EVIDENCE, evidence(made, self.samples, self.pieces)

    def _sheets(self) -> Iterator[Sheet]:
        yield from self._tables()
        for one in self.assessment.outcomes:
            yield one.control.id, tables.member_columns(one), tables.members(one)

    def _of_each(self) -> Iterator[tuple[str, bytes]]:
        for one in self.assessment.outcomes:
            name, columns = one.control.id, tables.member_columns(one)
            yield f"populations/{name}.csv", csv_of(tables.members(one), columns)
            drawn = tables.members(one, self.samples.get(name, ()))
            yield f"samples/{name}.csv", csv_of(drawn, columns)
            yield f"sql/{name}.sql", _statement(one)


def _table(title: str, path: str, found: Files, control: str | None = None) -> Evidence:
    sha256 = hashlib.sha256(found[path]).hexdigest()
    return Evidence(title=title, href=path, sha256=sha256, media_type="text/csv", control=control)


def _statement(one: Outcome) -> bytes:
    """What an auditor runs again on the snapshot: the values it names come first."""
    values = [f"-- ${name} = {tables.cell(v)}" for name, v in one.statement.parameters.items()]
    return "\n".join([*values, one.statement.sql]).encode()


_README = """\
EVIDENCE PACK

What it is of (organisation, framework, period, snapshot, definitions) is the first page of
pack.pdf, the first sheet of pack.xlsx and the part `about` of manifest.json.

pack.pdf             leads through it: what was asked, what each control came to, the samples
pack.xlsx            the same tables to filter and sort
results.csv          one row a control: state, pass rate with and without waivers, coverage
populations/         one file a control, one row a member, with its state, why, and its address
samples/             the members drawn into the sample of each control, in the order drawn
evidence.csv         what each of them is tested with again: of a change its authors, last push,
                     reviews, checks, merge and deployments; `number` is its place in the sample
left_out.csv         rows that a control leaves out on purpose, each with the reason
reconciliation.csv   rows that a population tells of, and where each of them went
mainlines.csv        one row a repository: commits of its mainline, and what brought them there
waivers.csv          waivers of these controls, whatever became of them
attestations.csv     what people answered, with the hash of the evidence
definitions/         the controls and the framework as they were
sql/                 the statement that each control was evaluated with
sql/evidence/        the statements that gave evidence.csv; `drawn` holds the ids of the samples
oscal.json           the same for tools that read OSCAL assessment results
manifest.json        each file with its SHA-256
proofs/              what the log of events proves

HOW TO CHECK IT WITHOUT CAIRN

Take `verify_pack.py` and `verify_proof.py` from the documentation of Cairn, not from whoever gave
you this pack, and the public key of the log from somebody you trust. Then:

    python3 verify_pack.py FOLDER KEY

It says whether each file is the one listed, whether the log holds the manifest, and whether each
proof leads to a checkpoint that was signed with the key.

A sample is drawn so: SHA-256 of the seed, a line feed and the id of a member, in UTF-8; the
members with the smallest hashes are drawn, in their order. A row with `is_place` stands for a place
where members may be that cannot be seen: it is none, and is not drawn.

Where people are not to be named, they stand under the pseudonyms that the log of events has for
them, the same one throughout; so do the ids of members that would name one.

WHAT IS UNKNOWN

A member whose source refuses what is needed, or never tells it, is unknown: neither a pass nor a
fail. Coverage says how much is known. An empty population is not applicable, and no pass.
"""

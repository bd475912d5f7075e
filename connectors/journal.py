"""What a source told and forgets: lines in a file of ours, from which the pages are made.

A reading first writes down what is new, then tells the lines that the cursor does not know. So a
sync that is killed goes on where it stopped, and what the source forgot is told again when the
settings change.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from connectors.interface import Context, Cursor, Json

LINES_A_PAGE = 200


class Journal:
    """The lines of one stream of a source at one address."""

    def __init__(self, context: Context, source: str, stream: str, address: str) -> None:
        """Opens nothing yet.

        Args:
            context: says where a connector may keep files.
            source: the configured name.
            stream: name of the stream.
            address: of the API: another one has other things to tell.
        """
        folder = context.mirrors / re.sub(r"[^A-Za-z0-9._-]", "_", source)
        digest = hashlib.sha256(address.encode()).hexdigest()[:12]
        self._path: Path = folder / f"{stream}-{digest}.jsonl"

    def lines(self) -> list[Json]:
        """All lines; one that was cut off when it was written was told by nobody and is left out.

        Raises:
            OSError: if the file cannot be read.
        """
        if not self._path.exists():
            return []
        whole = self._path.read_bytes().split(b"\n")[:-1]
        return [json.loads(line) for line in whole]

    def write(self, items: Sequence[Json]) -> None:
        """Adds lines, which are on the disk when it returns.

        Raises:
            OSError: if the file cannot be written.
        """
        if not items:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab+") as file:
            self._cut_half_a_line(file.fileno())
            file.write(b"".join(json.dumps(each).encode() + b"\n" for each in items))
            file.flush()
            os.fsync(file.fileno())

    def _cut_half_a_line(self, file: int) -> None:
        text = self._path.read_bytes()
        os.ftruncate(file, text.rfind(b"\n") + 1)

    def pages(self, cursor: Cursor | None) -> Iterator[tuple[list[Json], dict[str, Json]]]:
        """Lines that a cursor does not know, each page with the cursor after it.

        Raises:
            OSError: if the file cannot be read.
        """
        lines = self.lines()
        if not lines:
            return
        name = hashlib.sha256(json.dumps(lines[0]).encode()).hexdigest()[:16]
        known = cursor or {}
        start = int(known["lines"]) if known.get("journal") == name else 0
        for number in range(start, len(lines), LINES_A_PAGE):
            page = lines[number : number + LINES_A_PAGE]
            yield page, {"journal": name, "lines": number + len(page)}

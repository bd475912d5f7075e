"""Attacks on the files of a log, each undone after it was looked at.

A log of fifteen entries in five appends, with pruned payloads and a legal hold, is checked in a few
milliseconds; a byte is changed in place and changed back: thousands of attacks take a minute.
`forge` is the attacker who has the key: what was changed is hashed and signed anew, so that only a
checkpoint that was kept elsewhere can tell.
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from data.ledger import custody
from data.ledger.checkpoint import Checkpoint, signed
from data.ledger.database import hashes, statements
from data.ledger.ledger import Ledger
from data.ledger.place import checkpoint_files
from data.ledger.tree import leaf_hash, root
from tests.data.ledger.logs import BY, event, events, ledger, seal_anew

Attack = Callable[[random.Random, Ledger], None]


def attacked(folder: Path) -> tuple[Ledger, str]:
    """A log with everything in it, and a checkpoint that was kept before its last append."""
    log = ledger(folder, retention={"change.*": 29})
    log.append([*events(*range(7)), *(event(n, "deployment.finished") for n in range(7, 9))])
    custody.prune(log, BY.account)
    custody.set_hold(log, "deployment.*", "*", BY)
    log.append([event(n, "deployment.finished") for n in range(9, 11)])
    saved = log.checkpoint()
    log.append([event(n, "deployment.finished") for n in range(11, 13)])
    assert saved is not None
    return log, saved


@contextmanager
def undone(log: Ledger) -> Iterator[None]:
    """Puts the files of a log back as they were."""
    before = {path: path.read_bytes() for path in files(log)}
    try:
        yield
    finally:
        for path in set(files(log)) - set(before):
            path.unlink()
        for path, content in before.items():
            if not path.exists() or path.read_bytes() != content:
                path.write_bytes(content)


def files(log: Ledger) -> list[Path]:
    """What vouches for a log: the database, its checkpoints, its seal and its public key."""
    folder = log.place.folder
    listed = [log.place.database, log.place.seal, folder / "ledger.vkey"]
    more = sorted(log.place.checkpoints.iterdir())
    return [path for path in (*listed, *more) if path.exists()]


@contextmanager
def flipped(dice: random.Random, log: Ledger) -> Iterator[str]:
    """Changes one byte, mostly of the database, wherever in it; then changes it back."""
    path = log.place.database if dice.random() < 0.8 else dice.choice(files(log))
    place = dice.randrange(path.stat().st_size)
    with path.open("r+b", buffering=0) as file:
        byte = os.pread(file.fileno(), 1, place)
        os.pwrite(file.fileno(), bytes([byte[0] ^ dice.randrange(1, 256)]), place)
        try:
            yield f"byte {place} of {path.name}"
        finally:
            os.pwrite(file.fileno(), byte, place)


def delete_file(dice: random.Random, log: Ledger) -> None:
    dice.choice(files(log)).unlink()


def truncate_file(dice: random.Random, log: Ledger) -> None:
    path = dice.choice(files(log))
    content = path.read_bytes()
    path.write_bytes(content[: dice.randrange(len(content))])


def lengthen_file(dice: random.Random, log: Ledger) -> None:
    path = dice.choice(files(log))
    path.write_bytes(path.read_bytes() + dice.randbytes(dice.choice((1, 7, 4096))))


def swap_pages(dice: random.Random, log: Ledger) -> None:
    content = log.place.database.read_bytes()
    pages = [content[i : i + 4096] for i in range(0, len(content), 4096)]
    one, other = dice.sample(range(len(pages)), 2)
    pages[one], pages[other] = pages[other], pages[one]
    log.place.database.write_bytes(b"".join(pages))


def swap_checkpoints(dice: random.Random, log: Ledger) -> None:
    one, other = dice.sample(list(checkpoint_files(log.place.checkpoints).values()), 2)
    contents = one.read_bytes(), other.read_bytes()
    one.write_bytes(contents[1])
    other.write_bytes(contents[0])


def copy_checkpoint(dice: random.Random, log: Ledger) -> None:
    """Puts a checkpoint in under the name of another size."""
    one = dice.choice(list(checkpoint_files(log.place.checkpoints).values()))
    sizes = set(range(1, 30)) - checkpoint_files(log.place.checkpoints).keys()
    log.place.checkpoint(dice.choice(sorted(sizes))).write_bytes(one.read_bytes())


FILE_ATTACKS = (
    delete_file, truncate_file, lengthen_file, swap_pages, swap_checkpoints, copy_checkpoint,
)  # fmt: skip


def change_payload(dice: random.Random, connection: sqlite3.Connection, last: int) -> None:
    number = dice.choice(_told(connection, last))
    connection.execute(
        "update payload set content = replace(content, 'source', ?) where number = ?",
        [f"s{dice.randrange(10)}", number],
    )


def change_listing(dice: random.Random, connection: sqlite3.Connection, last: int) -> None:
    column = dice.choice(("event", "kind", "dated_at"))
    number = dice.choice(_told(connection, last))
    connection.execute(f"update entry set {column} = 'x.y' where number = ?", [number])


def change_hash(dice: random.Random, connection: sqlite3.Connection, last: int) -> None:
    number = dice.randrange(last)
    connection.execute("update entry set hash = ? where number = ?", [dice.randbytes(32), number])


def delete_payload(dice: random.Random, connection: sqlite3.Connection, last: int) -> None:
    connection.execute(
        "delete from payload where number = ?", [dice.choice(_told(connection, last))]
    )


def delete_entry(dice: random.Random, connection: sqlite3.Connection, last: int) -> None:
    """Takes an entry out, and lets those behind it move up."""
    number = dice.choice(_told(connection, last))
    connection.execute("delete from payload where number = ?", [number])
    connection.execute("delete from entry where number = ?", [number])
    for table in ("entry", "payload"):
        connection.execute(f"update {table} set number = -number where number > ?", [number])
        connection.execute(f"update {table} set number = -number - 1 where number < 0")


def swap_entries(dice: random.Random, connection: sqlite3.Connection, last: int) -> None:
    one, other = dice.sample(_told(connection, last), 2)
    for table in ("entry", "payload"):
        for old, new in ((one, -1), (other, one), (-1, other)):
            connection.execute(f"update {table} set number = ? where number = ?", [new, old])


def insert_entry(dice: random.Random, connection: sqlite3.Connection, last: int) -> None:
    """Puts a copy of an entry in, and lets those behind it move down."""
    number = dice.choice(_told(connection, last - 1))
    for table, columns in (("entry", "event, kind, dated_at, hash"), ("payload", "content")):
        connection.execute(f"update {table} set number = -number where number >= ?", [number])
        connection.execute(f"update {table} set number = 1 - number where number < 0")
        connection.execute(
            f"insert into {table} select ?, {columns} from {table} where number = ?",
            [number, number + 1],
        )


def cut_tail(dice: random.Random, connection: sqlite3.Connection, last: int) -> None:
    size = dice.randrange(1, last)
    for table, column in (
        ("payload", "number"), ("pruned", "pruned_by"), ("hold", "set_by"), ("entry", "number"),
    ):  # fmt: skip
        connection.execute(f"delete from {table} where {column} >= ?", [size])
    connection.execute("delete from head where size > ?", [size])
    connection.execute("insert or ignore into head values (?)", [size])


ROW_ATTACKS = (
    change_payload, change_listing, change_hash, delete_payload, delete_entry, swap_entries,
    insert_entry, cut_tail,
)  # fmt: skip
REWRITES = (change_payload, delete_entry, swap_entries, insert_entry, cut_tail)


def rewrite(
    log: Ledger, work: Callable[[sqlite3.Connection], None], *, is_forged: bool = False
) -> None:
    """Changes rows, with the rules out of the way for as long."""
    with closing(sqlite3.connect(log.place.database, isolation_level=None)) as connection:
        connection.execute("pragma synchronous = off")
        connection.execute("begin")
        triggers = [name for name, text in statements().items() if text.startswith("create trigg")]
        for name in triggers:
            connection.execute(f"drop trigger {name}")
        work(connection)
        if is_forged:
            _hash_anew(connection)
        for name in triggers:
            connection.execute(statements()[name])
        connection.execute("commit")


def forge(log: Ledger, work: Callable[[sqlite3.Connection], None]) -> None:
    """Changes rows, and hashes and signs everything anew with the key of the log."""
    rewrite(log, work, is_forged=True)
    key = log._key.signer()
    for path in checkpoint_files(log.place.checkpoints).values():
        path.unlink()
    with closing(sqlite3.connect(log.place.database)) as connection:
        for (size,) in connection.execute("select size from head").fetchall():
            head = Checkpoint(key.name, size, root(size, hashes(connection)))
            log.place.checkpoint(size).write_text(signed(head, key))
    seal_anew(log)


def _hash_anew(connection: sqlite3.Connection) -> None:
    size = connection.execute("select max(number) + 1 from entry").fetchone()[0]
    heads = [row[0] for row in connection.execute("select size from head")]
    connection.execute("delete from head where size > ?", [size])
    if heads and max(heads) != size:
        connection.execute("insert or ignore into head values (?)", [size])
    for number, content in connection.execute("select number, content from payload").fetchall():
        connection.execute(
            "update entry set hash = ? where number = ?", [leaf_hash(content.encode()), number]
        )


def _told(connection: sqlite3.Connection, last: int) -> list[int]:
    """Entries that still have a payload, and are about no rule of the log."""
    return [
        row[0]
        for row in connection.execute(
            "select number from entry join payload using (number) "
            "where number < ? and kind not like 'ledger.%'",
            [last],
        )
    ]

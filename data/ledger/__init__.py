"""The tamper-evident log: events as leaves of a Merkle tree, under signed checkpoints.

Events are appended and never changed (`ledger.py`). Their hashes make a tree (`tree.py`,
`frontier.py`) whose root is signed after each append (`checkpoint.py`, `note.py`, `key.py`), and so
is the hash of the database file (`seal.py`). `verify.py` recomputes all of it. Persons stand in the
log under pseudonyms (`people.py`); what is too old goes and leaves its hash (`retention.py`).
"""

from __future__ import annotations

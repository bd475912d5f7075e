"""The proof of one entry: its hash, the way to the signed root, and what to hand to others."""

from __future__ import annotations

import shlex

import streamlit as st

from app.components.palette import palette
from app.components.taken import download
from app.components.trail.ladder import ladder
from app.components.trail.stands import many
from app.wording import message, moment
from data.errors import CairnError
from data.ledger.ledger import Ledger
from data.trail.exported import Through, proof_of
from data.trail.found import Found
from data.trail.proof import Proof, bundle, entry_at, proof
from data.trail.standing import Standing

_SHORT = 12


def proven(ledger: Ledger, one: Found, stands: Standing) -> None:
    """Shows that the entry is in the log, or why that cannot be shown."""
    st.header("Proof", anchor="proof")
    if stands.signed is None or stands.key is None:
        st.warning("No signed checkpoint can be read: nothing proves this entry.",
                   icon=":material/help:")  # fmt: skip
        return
    try:
        read = entry_at(ledger, one.number)
        found = None if read is None else proof(ledger, read, stands.signed.checkpoint)
    except CairnError as error:
        st.warning(f"It cannot be proven: {message(error.what)}; {message(error.fix)}.",
                   icon=":material/help:")  # fmt: skip
        return
    if found is None:
        return
    _outcome(found, stands)
    with st.expander("The way from the entry to the root", icon=":material/account_tree:"):
        st.markdown(
            "Each hash is made of the two below it. Those on the sides are handed in by the proof; "
            "they tell nothing of other entries. Only with these very bytes at the bottom does the "
            "way end at the signed root."
        )
        st.html(ladder(found, palette()))
        st.markdown("**The checkpoint**")
        st.code(stands.signed.note.strip(), language=None, wrap_lines=True)
    _hand_out(ledger, found)


def _outcome(found: Proof, stands: Standing) -> None:
    leaf, root = found.entry.hash.hex(), found.checkpoint.root.hex()
    if found.trouble is not None:
        st.error(
            f"**This entry is not proven**: {message(found.trouble)}. Check the whole log above.",
            icon=":material/error:",
        )
        return
    steps = len(found.steps)
    way = f"with {steps} more hash{'es' * (steps != 1)} leads to" if steps else "is"
    what = "The fingerprint that is left of this entry" if found.entry.content is None else (
        "The fingerprint of this entry")  # fmt: skip
    at = f", written {moment(stands.signed.at)}" if stands.signed else ""
    st.markdown(
        f":green-badge[:material/check_circle: in the log] {what}, `{leaf[:_SHORT]}…`, {way} the "
        f"root `{root[:_SHORT]}…` of the checkpoint over {many(found.checkpoint.size)}{at}, which "
        "the key of the log signed. Recomputed just now."
    )
    st.code(f"leaf {leaf}\nroot {root}", language=None, wrap_lines=True)


def _hand_out(ledger: Ledger, found: Proof) -> None:
    """The file for somebody else, and the two lines that make and check it."""
    one = found.entry
    if one.content is None:
        st.caption(
            "Without its payload no proof can be made any more; one that was made before is valid."
        )
        return
    if found.trouble is not None:
        return
    name = f"entry-{one.number}.tlog-proof"
    made = bundle(ledger, one)
    if made is None:
        return
    content = str(made).encode()
    export = proof_of(one.id, Through.PAGE, None)
    download("Download proof bundle", lambda: content, name, export, key="bundle",
             mime="text/plain")  # fmt: skip
    st.markdown(
        ":small[The same file on the command line, and how somebody checks it who has no Cairn, "
        "with the public key that you gave them on another way:]"
    )
    st.code(
        f"cairn audit prove {shlex.quote(one.id)} --entry {one.number} --out {name}\n"
        f"python3 verify_proof.py {name} cairn.vkey",
        language="bash",
        wrap_lines=True,
    )

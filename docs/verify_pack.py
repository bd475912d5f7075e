"""Checks an evidence pack without Cairn: verify_pack.py FOLDER [PUBLIC_KEY].

FOLDER is the unpacked pack. PUBLIC_KEY is the log's public key as you were given it another way:
without it the key in the pack is taken, which proves only that the pack agrees with itself. Needs
Python 3.8, `verify_proof.py` beside this file, and nothing else. Exits 0 if all holds, else 1.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys

sys.excepthook = lambda kind, error, _: print("WRONG: %s: %s" % (kind.__name__, error))
here = os.path.dirname(os.path.abspath(__file__))
folder = sys.argv[1]
key = sys.argv[2] if len(sys.argv) > 2 else os.path.join(folder, "proofs", "ledger.vkey")
wrong = []


def content(*path):
    with open(os.path.join(folder, *path), "rb") as file:
        return file.read()


manifest = content("manifest.json")
listed = json.loads(manifest)["files"]
found = {
    os.path.relpath(os.path.join(root, name), folder).replace(os.sep, "/")
    for root, _, names in os.walk(folder)
    for name in names
}
for path, sha256 in listed.items():
    if path not in found:
        wrong.append("missing: " + path)
    elif hashlib.sha256(content(*path.split("/"))).hexdigest() != sha256:
        wrong.append("changed: " + path)
for path in sorted(found - set(listed) - {"manifest.json"}):
    if not path.startswith("proofs/"):
        wrong.append("not listed: " + path)

proofs = sorted(path for path in found if path.endswith(".tlog-proof"))
events = {}
for path in proofs:
    full = os.path.join(folder, *path.split("/"))
    done = subprocess.run(
        [sys.executable, "-I", os.path.join(here, "verify_proof.py"), full, key],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        wrong.append("not proven: %s: %s" % (path, done.stderr.strip()))
    else:
        extra = content(*path.split("/")).decode().split("\n")[1][len("extra ") :]
        events[path] = json.loads(base64.b64decode(extra))
event = events.get("proofs/manifest.tlog-proof", {})
logged = event.get("kind"), event.get("subject"), event.get("after")
if logged != ("export.written", "evidence pack", hashlib.sha256(manifest).hexdigest()):
    wrong.append("the log does not hold this manifest")

print("%d files listed, %d proofs checked" % (len(listed), len(proofs)))
for line in wrong:
    print("WRONG: " + line)
sys.exit(1 if wrong else 0)

"""Checks without Cairn that an event is in a log: verify_proof.py PROOF PUBLIC_KEY (text or file).

Needs Python 3.8 and nothing else. Prints the event and exits 0 if the proof holds, else exits 1.
"""
import base64, hashlib, os, sys

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P)
sys.excepthook = lambda kind, error, _: print("NOT PROVEN:", error or kind, file=sys.stderr)
sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that cannot show it proves nothing
def need(holds, what):
    if not holds: raise ValueError(what)
def sha(kind, content): return getattr(hashlib, kind)(content).digest()
def decoded(text):
    content = base64.b64decode(text)
    need(base64.b64encode(content).decode() == text, "this is no base64: " + text)
    return content
def add(a, b):  # points of edwards25519 as (X, Y, Z, T): RFC 8032, section 5.1.4
    m, n, c = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0]), 2 * a[3] * b[3] * D
    e, f, g, h = n - m, 2 * a[2] * b[2] - c, 2 * a[2] * b[2] + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P
def times(n, base):
    found = (0, 1, 1, 0)
    while n: found, base, n = add(found, base) if n & 1 else found, add(base, base), n >> 1
    return found
def point(text):
    sign, y = text[31] >> 7, int.from_bytes(text, "little") % 2**255
    u, v = y * y - 1, D * y * y + 1
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    x = x if (v * x * x - u) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    need(y < P and (v * x * x - u) % P == 0 and (x or not sign), "a point is not on the curve")
    return (x if x & 1 == sign else P - x), y, 1, (x if x & 1 == sign else P - x) * y % P
def is_signed(text, mark, public):  # Ed25519: RFC 8032, section 5.1.7
    s, k = (int.from_bytes(b, "little") for b in (mark[32:], sha("sha512", mark[:32] + public + text)))
    a, b = times(s, point(bytes([0x58] + [0x66] * 31))), add(point(mark[:32]), times(k % L, point(public)))
    return s < L and all((a[i] * b[2] - b[i] * a[2]) % P == 0 for i in (0, 1))

proof = open(sys.argv[1], encoding="utf-8", newline="").read()
vkey = (open(sys.argv[2]).read() if os.path.exists(sys.argv[2]) else sys.argv[2]).strip()
name, public = vkey.split("+", 2)[0], decoded(vkey.split("+", 2)[2])[1:]
key_id = sha("sha256", name.encode() + b"\n\x01" + public)[:4]
(head, extra, index, *path), checkpoint = proof.split("\n\n")[0].split("\n"), proof.partition("\n\n")[2]
note, _, signatures = checkpoint.rpartition("\n\n")
lines, marks = note.split("\n"), [line.split(" ") for line in signatures.split("\n")]
mine = [decoded(mark[2]) for mark in marks if mark[:2] == ["\u2014", name]]
mine = [mark[4:] for mark in mine if mark[:4] == key_id]
need(head + extra[:6] + index[:6] == "c2sp.org/tlog-proof@v1extra index ", "this is no such proof")
need(mine and lines[0] == name, "the checkpoint is not signed with this key")
need(all(len(m) == 64 and is_signed((note + "\n").encode(), m, public) for m in mine), "a wrong signature")
event, number, last = decoded(extra[6:]), int(index[6:]), int(lines[1]) - 1
need(0 <= number <= last and str(number) == index[6:], "there is no such entry")
found = sha("sha256", b"\0" + event)
for step in map(decoded, path):  # RFC 9162, section 2.1.3.2
    need(last, "the proof is too long")
    left = number & 1 or number == last
    found = sha("sha256", b"\1" + (step + found if left else found + step))
    while left and number and not number & 1: number, last = number >> 1, last >> 1
    number, last = number >> 1, last >> 1
need(not last and found == decoded(lines[2]), "the proof does not lead to the checkpoint")
print("PROVEN: entry %s of %s under %s:\n%s" % (index[6:], lines[1], vkey, event.decode()))

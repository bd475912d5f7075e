"""Where the things of a picture stand that is read from left to right.

The layered drawing of Sugiyama, Tagawa and Toda (IEEE SMC-11, 1981): columns by the longest way,
the order in a column by the middle of the neighbours, and places that move as little as possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Edge = tuple[str, str]
_SWEEPS = 12
_THIN = 0.4
"""Height of the place where a line passes through a column, in heights of a thing."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Places in columns and rows; the first row is 0, and one row is the height of a thing."""

    columns: int
    rows: float
    places: Mapping[str, tuple[int, float]]
    routes: Mapping[Edge, Sequence[tuple[int, float]]]
    """The places through which each line goes, its ends included."""


def arrange(nodes: Sequence[str], edges: Iterable[Edge], stage: Callable[[str], int]) -> Layout:
    """Places things so that lines go to the right and cross seldom.

    Args:
        nodes: the things, in an order that is kept where nothing speaks against it.
        edges: lines between them; one against the direction of the others goes back.
        stage: things of a later stage stand right of all those of an earlier one.
    """
    if not nodes:
        return Layout(0, 0, {}, {})
    lines = list(dict.fromkeys(edge for edge in edges if edge[0] != edge[1]))
    forward = _without_cycles(nodes, lines)
    column = _columns(nodes, forward, stage)
    chains = {edge: _chain(edge, column) for edge in forward}
    below: dict[str, list[str]] = defaultdict(list)
    for chain in chains.values():
        for left, right in pairwise(chain):
            below[left].append(right)
    layers = _ordered(nodes, chains.values(), column, below)
    rows = _rows(layers, below, frozenset(nodes))
    place = {name: (i, rows[name]) for i, layer in enumerate(layers) for name in layer}
    routes = {edge: [place[name] for name in chains.get(edge, edge)] for edge in lines}
    height = max(place[name][1] for name in nodes) + 1
    return Layout(len(layers), height, {name: place[name] for name in nodes}, routes)


def _without_cycles(nodes: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """The lines that do not lead back to where one came from."""
    out: dict[str, list[str]] = defaultdict(list)
    for left, right in edges:
        out[left].append(right)
    back: set[Edge] = set()
    done: set[str] = set()
    for root in nodes:
        trail: list[str] = []
        open_at: set[str] = set()
        todo = [(root, False)]
        while todo:
            name, is_left = todo.pop()
            if is_left:
                open_at.discard(trail.pop())
                done.add(name)
            elif name not in done and name not in open_at:
                trail.append(name)
                open_at.add(name)
                todo.append((name, True))
                back |= {(name, other) for other in out[name] if other in open_at}
                todo += [(other, False) for other in reversed(out[name])]
    return [edge for edge in edges if edge not in back]


def _columns(
    nodes: Sequence[str], edges: Sequence[Edge], stage: Callable[[str], int]
) -> dict[str, int]:
    """By the longest way to a thing; then as near to what comes of it as can be."""
    into, out = defaultdict(list), defaultdict(list)
    for left, right in edges:
        out[left].append(right)
        into[right].append(left)
    order = _in_order(nodes, into, out)
    column: dict[str, int] = {}
    first = 0
    for now in sorted({stage(name) for name in nodes}):
        for name in order:
            if stage(name) == now:
                ways = [column[other] + 1 for other in into[name] if other in column]
                column[name] = max([first, *ways])
        first = max(column.values()) + 1
    for name in reversed(order):
        if out[name] and stage(name) == 0:
            column[name] = max(column[name], min(column[other] for other in out[name]) - 1)
    used = {old: new for new, old in enumerate(sorted(set(column.values())))}
    return {name: used[at] for name, at in column.items()}


def _in_order(
    nodes: Sequence[str], into: Mapping[str, list[str]], out: Mapping[str, list[str]]
) -> list[str]:
    """Each after all that leads to it."""
    waiting = {name: len(into.get(name, ())) for name in nodes}
    ready = [name for name in nodes if not waiting[name]]
    for name in ready:
        for other in out.get(name, ()):
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return ready


def _chain(edge: Edge, column: Mapping[str, int]) -> list[str]:
    """The ends of a line, and between them a place in each column through which it passes."""
    left, right = edge
    between = range(column[left] + 1, column[right])
    return [left, *(f"{left}\0{right}\0{at}" for at in between), right]


def _ordered(
    nodes: Sequence[str],
    chains: Iterable[Sequence[str]],
    column: Mapping[str, int],
    below: Mapping[str, Sequence[str]],
) -> list[list[str]]:
    """The columns, each in the order with the fewest crossings that was found."""
    layers: list[list[str]] = [[] for _ in range(max(column.values()) + 1)]
    for name in nodes:
        layers[column[name]].append(name)
    for chain in chains:
        for at, name in enumerate(chain[1:-1], column[chain[0]] + 1):
            layers[at].append(name)
    above: dict[str, list[str]] = defaultdict(list)
    for left, rights in below.items():
        for right in rights:
            above[right].append(left)
    best, fewest = [list(layer) for layer in layers], _crossings(layers, below)
    for sweep in range(_SWEEPS):
        neighbours = below if sweep % 2 == 0 else above
        steps = range(len(layers))
        for at in reversed(steps) if sweep % 2 == 0 else steps:
            beside = at + 1 if sweep % 2 == 0 else at - 1
            if 0 <= beside < len(layers):
                _sort(layers[at], layers[beside], neighbours)
        now = _crossings(layers, below)
        if now < fewest:
            best, fewest = [list(layer) for layer in layers], now
    return best


def _sort(layer: list[str], beside: Sequence[str], neighbours: Mapping[str, Sequence[str]]) -> None:
    """Orders a column by the middle of what each leads to; what leads nowhere keeps its place."""
    share = len(beside) / max(1, len(layer))
    stands = {name: at for at, name in enumerate(beside)}
    middle = {}
    for at, name in enumerate(layer):
        known = [stands[other] for other in neighbours.get(name, ()) if other in stands]
        middle[name] = sum(known) / len(known) if known else at * share
    layer.sort(key=middle.__getitem__)


def _crossings(layers: Sequence[Sequence[str]], below: Mapping[str, Sequence[str]]) -> int:
    """How often lines between neighbouring columns cross."""
    count = 0
    for left, right in pairwise(layers):
        stands = {name: at for at, name in enumerate(right)}
        ends: list[int] = []
        for name in left:
            new = sorted(stands[other] for other in below.get(name, ()) if other in stands)
            count += sum(old > end for end in new for old in ends)
            ends += new
    return count


def _rows(
    layers: Sequence[Sequence[str]], below: Mapping[str, Sequence[str]], real: frozenset[str]
) -> dict[str, float]:
    """Rows that keep the order of each column, things apart, and lines as straight as can be."""
    beside: dict[str, list[str]] = defaultdict(list)
    for left, rights in below.items():
        for right in rights:
            beside[left].append(right)
            beside[right].append(left)
    row: dict[str, float] = {}
    for layer in layers:
        row |= _settled(layer, dict.fromkeys(layer, 0.0), real)
    for sweep in range(_SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = {
                name: sum(row[o] for o in beside[name]) / len(beside[name])
                if beside[name]
                else row[name]
                for name in layer
            }
            row |= _settled(layer, wanted, real)
    least = min(row[name] for name in real)
    return {name: at - least for name, at in row.items()}


def _settled(
    layer: Sequence[str], wanted: Mapping[str, float], real: frozenset[str]
) -> dict[str, float]:
    """Places nearest to those wanted that keep things apart: isotonic regression."""
    size = [1.0 if name in real else _THIN for name in layer]
    offset = [0.0]
    for one, other in pairwise(size):
        offset.append(offset[-1] + (one + other) / 2)
    blocks: list[tuple[float, int]] = []
    for name, shift in zip(layer, offset, strict=True):
        mean, count = wanted[name] - shift, 1
        while blocks and blocks[-1][0] > mean:
            before, many = blocks.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        blocks.append((mean, count))
    means = [mean for mean, count in blocks for _ in range(count)]
    return {name: mean + shift for name, mean, shift in zip(layer, means, offset, strict=True)}

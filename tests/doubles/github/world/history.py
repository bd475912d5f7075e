"""The order in which commits are told."""

from __future__ import annotations

import heapq
from collections import Counter

from tests.doubles.github.world.code import Commit
from tests.doubles.github.world.repository import Repository


def history(repository: Repository, sha: str) -> list[Commit]:
    """All that leads to a commit: newest first, and never a parent before its child."""
    memory = repository.__dict__.setdefault("_histories", {})
    key = (sha, len(repository.commits))
    if key not in memory:
        memory.clear()
        memory[key] = _ordered(repository, sha)
    found: list[Commit] = memory[key]
    return found


def _ordered(repository: Repository, sha: str) -> list[Commit]:
    waiting_for = _children(repository, sha)
    ready = [_rank(repository, sha)]
    found: list[Commit] = []
    while ready:
        made = repository.commits[heapq.heappop(ready)[1]]
        found.append(made)
        for parent in made.parents:
            waiting_for[parent] -= 1
            if not waiting_for[parent]:
                heapq.heappush(ready, _rank(repository, parent))
    return found


def _rank(repository: Repository, sha: str) -> tuple[float, str]:
    return -repository.commits[sha].committed_at.timestamp(), sha


def _children(repository: Repository, sha: str) -> Counter[str]:
    """How many children each commit below this one has there."""
    count: Counter[str] = Counter()
    seen, stack = {sha}, [sha]
    while stack:
        for parent in repository.commits[stack.pop()].parents:
            count[parent] += 1
            if parent not in seen:
                seen.add(parent)
                stack.append(parent)
    return count

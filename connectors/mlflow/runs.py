"""The stream `runs`: training runs, and what became of those behind versions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from connectors.http.errors import Forbidden, HttpError, NotFound, Refused, Unauthorized
from connectors.http.paging import Page
from connectors.interface import Batch, Cursor, Json
from connectors.mlflow.api import Server
from connectors.mlflow.experiments import Experiments, withheld
from connectors.mlflow.naming import part
from connectors.mlflow.reading import Versions
from connectors.mlflow.run_cursor import MOST_NAMED, RunCursor, bucket_of, buckets_of, mark_of
from connectors.mlflow.run_pages import RunPages, Told
from connectors.mlflow.run_question import (
    RUNNING,
    RunQuestion,
    chunks,
    end_of,
    info_of,
    is_at,
    is_one_of,
    key_of,
    now_ms,
)
from connectors.state_file import StateFile
from data.model import Gap, GapReason

_EXPERIMENTS_A_QUESTION = 100
_LOOKED_FOR_AT_ONCE = 200
"""Runs that are asked for by their ids; each is told with all its metrics."""
_DELETED_AT_ONCE = 1000
"""Few of them are: the answer is small."""


@dataclass
class RunReading:
    """One pull of the stream."""

    source: str
    server: Server
    experiments: Experiments
    versions: Versions | None
    """Null: which runs made a version is not known."""
    reads_environments: bool
    states: StateFile
    """Where it is kept which experiments were listed."""
    gaps: list[Gap] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)
    _refused: set[str] = field(default_factory=set)
    _end: RunCursor = field(default_factory=RunCursor)

    def pull(self, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields pages of runs, and then what could not be read.

        Raises:
            HttpError: if the server fails.
        """
        start = RunCursor(**cursor) if cursor else RunCursor()
        start = replace(start, experiments=self._listed(start.experiments))
        held: Told | None = None
        self._end = start
        try:
            for told in self._pages(start):
                if held is not None:
                    yield Batch(held[0], held[1].cursor())
                held = told
        except HttpError:
            # What was read before stays read.
            if held is not None:
                yield Batch(held[0], held[1].cursor())
            yield from self.gaps
            raise
        if held is not None:
            yield Batch(held[0], self._end.cursor(), is_last=True)
        yield from self.gaps

    def _pages(self, start: RunCursor) -> Iterator[Told]:
        state = start
        for question in self._questions(start):
            for page in self._read(question, start.bookmark):
                is_new = self._is_new(page.items, start.marks)
                ended = [(end_of(run), mark_of(run)) for run in page.items]
                state = state.with_ended(ended, now_ms(page))
                if is_new:
                    yield self._pages_of.page(page, replace(state, bookmark=page.bookmark))
        state = state.finished(buckets_of(self._readable(self._refused)))
        state = self._end = replace(state, refused=sorted(self._refused)[:MOST_NAMED])
        if not self.server.is_gitlab:
            yield from self._still_running(state, start)
            yield from self._behind_versions(start)

    @cached_property
    def _pages_of(self) -> RunPages:
        """How the runs are told."""
        names, versions = self.experiments.names, self.versions
        return RunPages(self.server, names, versions, self.reads_environments)

    def _questions(self, start: RunCursor) -> Iterator[RunQuestion]:
        """The lists to read, from that of the bookmark on."""
        readable = self._readable(start.refused)
        now = buckets_of(readable)
        changed = {bucket for bucket in now if now[bucket] != start.buckets.get(bucket)}
        fresh = [e for e in readable if bucket_of(e) in changed]
        known = [e for e in readable if bucket_of(e) not in changed]
        # Those that were refused are asked for alone: they are read from their start one day.
        refused = [e for e in self.experiments.read if e in start.refused]
        questions = [RunQuestion(ids) for ids in [*self._groups(fresh), *([e] for e in refused)]]
        questions += [RunQuestion(ids, start.since_ms) for ids in self._groups(known)]
        bookmarked = [q for q in questions if is_at(q, start.bookmark)]
        return iter(questions[questions.index(bookmarked[0]) :] if bookmarked else questions)

    def _readable(self, refused: Collection[str]) -> list[str]:
        return [e for e in self.experiments.read if e not in refused]

    def _groups(self, experiments: Sequence[str]) -> Iterator[Sequence[str]]:
        # GitLab looks at the first experiment of a question alone.
        return chunks(experiments, 1 if self.server.is_gitlab else _EXPERIMENTS_A_QUESTION)

    def _read(
        self, question: RunQuestion, bookmark: Mapping[str, Json] | None = None
    ) -> Iterator[Page]:
        """The pages of a list; an experiment that is refused is told, and the others are read."""
        ids = question.experiments
        at = bookmark if is_at(question, bookmark) else None
        try:
            for page in self.server.searched("runs/search", question.body(), "runs", key_of, at):
                self._watch_filter(question, page)
                yield page
        except Unauthorized:
            raise
        except Refused as refused:
            if len(ids) > 1:
                half = len(ids) // 2
                yield from self._read(replace(question, experiments=ids[:half]))
                yield from self._read(replace(question, experiments=ids[half:]))
            elif ids:
                self._tell_refused(ids[0], refused)

    def _still_running(self, state: RunCursor, start: RunCursor) -> Iterator[Told]:
        """Those that run now, and, by their ids, those that ran and are told no more."""
        running: dict[str, str] = {}
        known = start.marks
        for ids in self._groups(self._readable(self._refused)):
            for page in self._read(RunQuestion(ids, is_running_only=True)):
                # A server that ignores the filter tells all of them once more.
                now = [run for run in page.items if info_of(run).get("status") == RUNNING]
                running |= {key_of(run): mark_of(run) for run in now}
                if now and self._is_new(now, known):
                    yield self._pages_of.page(page, state)
        for run in sorted(start.running.keys() - running.keys() - self._told):
            try:
                answer = self.server.get("runs/get", {"run_id": run})
            except (Forbidden, NotFound):
                yield self._pages_of.missing([run], state)
            else:
                self._told.add(run)
                yield self._pages_of.written([answer["run"]], state)
        kept = dict(sorted(running.items())[:MOST_NAMED])
        self._end = replace(self._end, running=kept)

    def _behind_versions(self, start: RunCursor) -> Iterator[Told]:
        """The runs of new versions, and those that were deleted or restored behind one."""
        if self.versions is None or not self._all:
            return
        made = self._made
        if set(self._end.refused) != set(start.refused):
            self._end = replace(self._end, versions_at=0, versions=())
        newest = max((at for at, _ in made), default=0)
        new = {
            run
            for at, run in made
            if at > self._end.versions_at
            or (at == self._end.versions_at and run not in self._end.versions)
        }
        deleted = self._deleted(sorted({run for _, run in made}))
        changed = deleted ^ set(self._end.deleted)
        for runs in chunks(sorted((new - self._told) | changed), _LOOKED_FOR_AT_ONCE):
            yield from self._look_for(runs)
        self._end = replace(
            self._end,
            deleted=sorted(deleted)[:MOST_NAMED],
            versions_at=newest,
            versions=sorted({run for at, run in made if at == newest})[:MOST_NAMED],
        )

    def _look_for(self, runs: Sequence[str]) -> Iterator[Told]:
        found: set[str] = set()
        question = RunQuestion(self._all, filter=is_one_of(runs), view="ALL")
        for page in self._read(question):
            items = [run for run in page.items if key_of(run) in runs]
            found |= {key_of(run) for run in items}
            if items:
                self._told |= {key_of(run) for run in items}
                yield self._pages_of.page(page, self._end)
        missing = [run for run in runs if run not in found]
        # Those of a refused experiment are told with it, and looked for once it is not.
        if missing and not self._refused:
            yield self._pages_of.missing(missing, self._end)

    def _deleted(self, runs: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for chunk in chunks(runs, _DELETED_AT_ONCE):
            asked = is_one_of(chunk)
            question = RunQuestion(self._all, filter=asked, view="DELETED_ONLY")
            found |= {key_of(run) for page in self._read(question) for run in page.items}
        return found & set(runs)

    @property
    def _all(self) -> list[str]:
        return [e for e in self.experiments.names if e not in self._refused]

    @property
    def _made(self) -> list[tuple[int, str]]:
        """When each version was made, and by which run."""
        versions = self.versions.items.values() if self.versions else ()
        return [
            (int(item.get("creation_timestamp") or 0), str(item["run_id"]))
            for item in versions
            if item.get("run_id")
        ]

    def _is_new(self, runs: Iterable[Json], known: Collection[str]) -> bool:
        news = [run for run in runs if key_of(run) not in self._told and mark_of(run) not in known]
        self._told |= {key_of(run) for run in runs}
        return bool(news)

    def _watch_filter(self, question: RunQuestion, page: Page) -> None:
        """Notices a server that tells more than it was asked for; what it tells is taken."""
        since = question.since_ms
        if question.is_running_only:
            is_kept = all(info_of(run).get("status") == RUNNING for run in page.items)
        else:
            is_kept = since is None or all(end_of(run) >= since for run in page.items)
        if is_kept:
            return
        self.gaps.append(
            self._gap(
                "filter",
                GapReason.FILTER_IGNORED,
                "the server ignores which runs are asked for and tells all of them each time",
                "nothing is lost; leave out experiments that need not be read",
            )
        )

    def _listed(self, before: Mapping[str, Json] | None) -> Mapping[str, Json]:
        """Which experiments are known from now on; those that may not be read any more are told."""
        known = self.states.load(before) or {}
        names = self.experiments.names
        still = {id: names[id] for id in self.experiments.read}
        for id, why in withheld(self.server, known, names):
            still[id] = known[id]
            what = f"experiment {known[id]} may not be read any more: {why}"
            self._tell_unreadable(id, GapReason.NO_PERMISSION, what)
        kept: Mapping[str, Json] = self.states.save(still)
        return kept

    def _tell_refused(self, experiment: str, refused: Refused) -> None:
        self._refused.add(experiment)
        name = self.experiments.names.get(experiment, experiment)
        what = f"the runs of experiment {name} are refused: {refused.what}"
        self._tell_unreadable(experiment, refused.reason, what)

    def _tell_unreadable(self, experiment: str, reason: GapReason, what: str) -> None:
        fix = "give the account the right to read it, or leave it out by `exclude`"
        self.gaps.append(self._gap(f"refused/{part(experiment)}", reason, what, fix))

    def _gap(self, key: str, reason: GapReason, what: str, fix: str) -> Gap:
        return Gap(
            id=f"mlflow:{self.source}#gap/runs/{key}",
            source=self.source,
            reason=reason,
            what=what,
            fix=fix,
            count=None,
        )

"""Large histories are the same each time, as large as asked, and quickly told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import process_time

from tests.connectors.loopback import FakeTime
from tests.doubles.github.asking import Asker, asked
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.generate import SMALL, add_repository, generate
from tests.doubles.github.world.history import history

CHANGES = Path("connectors/github/api/questions/changes.graphql")


def test_a_history_is_as_large_as_asked() -> None:
    (repository,) = generate(SMALL).repositories
    assert len(repository.pulls) == SMALL.pulls
    assert len(repository.runs) == SMALL.runs
    assert len(repository.deployments) == SMALL.deployments
    assert len(repository.issues) == SMALL.issues
    assert all(deployment.statuses for deployment in repository.deployments)
    assert any(len(run.attempts) == 2 for run in repository.runs)


def test_it_is_the_same_each_time_and_another_one_for_another_seed() -> None:
    def told(seed: int) -> list[str]:
        (repository,) = generate(SMALL, seed).repositories
        return [commit.sha for commit in history(repository, repository.head or "")]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_nothing_happens_before_its_cause() -> None:
    (repository,) = generate(SMALL).repositories
    for pull in repository.pulls.values():
        commits = [repository.commits[sha] for sha in pull.commits]
        assert all(
            pull.created_at <= (review.submitted_at or pull.created_at) for review in pull.reviews
        )
        assert commits[0].committed_at <= pull.created_at
        if pull.merged_at:
            assert max(made.committed_at for made in commits) <= pull.merged_at
    for commit in history(repository, repository.head or ""):
        for parent in commit.parents:
            assert repository.commits[parent].committed_at <= commit.committed_at
    for deployment in repository.deployments:
        assert deployment.sha in repository.commits
        times = [status.created_at for status in deployment.statuses]
        assert times == sorted(times)
        assert deployment.created_at <= times[0]


def test_a_world_can_hold_several() -> None:
    world = generate(SMALL)
    other = add_repository(world, "acme/api", replace(SMALL, pulls=3), seed=2)
    assert world.repository("acme/api") is other
    assert len({repository.id for repository in world.repositories}) == 2


def test_a_terse_double_leaves_out_addresses_and_nothing_else() -> None:
    double = GitHubDouble(generate(SMALL), FakeTime())
    double.add_token("tok", "dev-1")
    with asked(double, "tok") as asker:
        whole = _first_run(asker)
        double.is_terse = True
        terse = _first_run(asker)
    assert len(str(terse)) < len(str(whole)) / 3
    assert terse.keys() == whole.keys()
    assert terse["repository"]["full_name"] == whole["repository"]["full_name"] == "acme/web"


def _first_run(asker: Asker) -> dict[str, dict[str, object]]:
    answer = asker.get("/repos/acme/web/actions/runs", per_page=1)
    (run,) = answer.json()["workflow_runs"]
    return dict(run)


def test_a_page_of_fifty_pulls_of_a_large_history_takes_a_third_of_a_second_at_most() -> None:
    double = GitHubDouble(generate(), FakeTime())
    double.add_token("tok", "dev-1")
    question = CHANGES.read_text()
    with asked(double, "tok") as asker:
        taken = []
        for _ in range(4):
            start = process_time()
            answer = asker.graphql(question, owner="acme", name="web", first=50)
            taken.append(process_time() - start)
            assert len(answer["data"]["repository"]["pullRequests"]["nodes"]) == 50
    assert min(taken) < 0.3

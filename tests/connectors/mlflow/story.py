"""A small registry with a past, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.doubles.mlflow.world import World

BEGIN = datetime(2026, 2, 20, 8, tzinfo=UTC)


def small_world() -> World:
    """Three models with four versions, two experiments, and a run that has not ended."""
    world = World(BEGIN)
    default, churn = world.experiment("Default"), world.experiment("churn")
    runs = []
    for number in range(3):
        run = world.start(
            churn, f"train-{number}", **{"mlflow.source.git.commit": f"{number:040x}"}
        )
        world.log(run, {"auc": 0.7 + number / 10, "loss": "NaN"}, {"seed": "7", "C": "0.1"})
        world.read(run, "customers", f"d{number}")
        world.finish(run)
        runs.append(run)
    world.at += timedelta(hours=3)
    world.finish(world.start(default, "tried"), "FAILED")
    world.start(churn, "long")
    world.model("churn", owner="growth", risk="high")
    world.model("fraud")
    world.version("churn", runs[0], "m-0a")
    world.version("churn", runs[1])
    world.version("fraud", runs[2])
    world.model("plain")
    world.version("plain")
    world.packages["m-0a"] = ["MLmodel", "requirements.txt"]
    world.alias("churn", "champion", "1")
    world.tag("churn", "1", "approved_by", "review-board")
    world.stage("fraud", "1", "Production")
    return world

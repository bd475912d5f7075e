"""A clone that somebody else fetches: its figures are known until then, and no further."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.app.cli.running import answer, run
from tests.connectors.git.builder import GitRepo, brought

CONFIGURATION = """
[[source]]
name = "live"
kind = "git"
url = "{url}"
deploy_tags = "v{{version}}"

[[source]]
name = "clone"
kind = "git"
path = "clone"
deploy_tags = "v{{version}}"
"""


def _released(path: Path, at: datetime) -> GitRepo:
    repo = GitRepo(path)
    repo.commit("first", at=at)
    repo.tag("v1.0", at=at)
    return repo


def test_a_fetch_without_news_is_published_and_turns_what_was_unknown_into_zero(
    tmp_path: Path,
) -> None:
    now = datetime.now(UTC)
    live = _released(tmp_path / "live", now - timedelta(days=90))
    clone = _released(tmp_path / "clone", now - timedelta(days=90))
    clone.come_from()
    clone.fetched(now - timedelta(days=40), brought(clone.sha("main")))
    text = CONFIGURATION.format(url=live.path.as_uri())
    (tmp_path / "cairn.toml").write_text(text, encoding="utf-8")
    last_week = ("--from", f"{now - timedelta(days=8):%Y-%m-%d}", "--to", f"{now:%Y-%m-%d}")
    asked = ("metric", "deployment_frequency", *last_week, "--by", "service")

    def values() -> dict[str, float | None]:
        return {row["service"]: row["value"] for row in answer(tmp_path, *asked)["rows"]}

    assert run(tmp_path, "sync").exit_code == 0
    assert values() == {"live": 0.0, "clone": None}
    clone.fetched(now)
    assert "nothing new" in run(tmp_path, "sync").stdout
    assert values() == {"live": 0.0, "clone": None}, "a fetch that failed says nothing"
    clone.fetched(now, brought(clone.sha("main")))
    assert "published" in run(tmp_path, "sync").stdout
    assert values() == {"live": 0.0, "clone": 0.0}

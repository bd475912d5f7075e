"""What `cairn doctor` and `cairn sync` say to somebody who has just begun."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.app.cli.running import answer, run
from tests.connectors.git.builder import GitRepo

GITOPS = """
[[source]]
name = "config"
kind = "gitops"
path = "../config"
value = { yaml = "image" }
[[source.rule]]
pattern = "apps/{service}/{environment}.yaml"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace that reads one repository with two releases, and does not say they are."""
    repo = GitRepo(tmp_path / "web")
    repo.commit("first")
    repo.tag("v1.0")
    repo.tag("v1.1")
    (tmp_path / "ours").mkdir()
    configure(tmp_path / "ours", source())
    return tmp_path / "ours"


def source(path: str = "../web", more: str = "") -> str:
    """The section of one `git` source."""
    return f'[[source]]\nname = "web"\nkind = "git"\npath = "{path}"\n{more}\n'


def configure(folder: Path, text: str) -> None:
    """Writes the configuration."""
    (folder / "cairn.toml").write_text(text, encoding="utf-8")


def findings(folder: Path) -> list[str]:
    """Lines of `cairn doctor`."""
    return run(folder, "doctor").stdout.splitlines()


def test_doctor_finds_nothing_wrong_with_the_demo(demo: Path) -> None:
    document = answer(demo, "doctor")
    assert {row["severity"] for row in document["rows"]} <= {"ok", "warning"}
    assert not any("no source tells" in row["what"] for row in document["rows"])


def test_doctor_tells_each_finding_whole_in_a_line_of_its_own(tmp_path: Path) -> None:
    gone = tmp_path / ("a-folder-with-a-long-name-" * 4)
    configure(tmp_path, source(str(gone), 'deploy_tags = "v{version}"'))
    result = run(tmp_path, "doctor")
    assert result.exit_code == 1
    valid, missing, _, nothing = result.stdout.splitlines()
    assert valid == f"ok      {tmp_path}/cairn.toml: the configuration is valid"
    assert missing.startswith("error   ")
    assert str(gone) in missing
    assert "; run `cairn sync`" in nothing


def test_a_configuration_with_an_unknown_key_is_not_called_valid(folder: Path) -> None:
    configure(folder, source(more='deploy_tgas = "v{version}"'))
    said = findings(folder)
    assert not any("is valid" in line for line in said)
    assert "did you mean `deploy_tags`?" in said[0]


def test_doctor_warns_if_nothing_says_what_was_deployed(folder: Path) -> None:
    (warning,) = [line for line in findings(folder) if line.startswith("warning web:")]
    assert "nothing says what was deployed; 2 tags look like v1.2.3" in warning
    assert '`deploy_tags = "v{version}"`' in warning


@pytest.mark.parametrize("more", ['deploy_tags = "v{version}"', GITOPS])
def test_doctor_does_not_warn_if_a_source_does_say_it(folder: Path, more: str) -> None:
    deploying = GitRepo(folder.parent / "config")
    deploying.commit("shop", {"apps/shop/prod.yaml": "image: r/shop:v1\n"})
    configure(folder, source(more=more))
    assert not any("nothing says" in line for line in findings(folder))


def test_doctor_notes_what_failures_are_known_from_without_incidents(folder: Path) -> None:
    (note,) = [line for line in findings(folder) if "incidents" in line]
    assert note.startswith("ok ")
    assert "only rollbacks, hotfixes and reverts" in note


def test_places_are_shown_without_detours(folder: Path) -> None:
    GitRepo(folder.parent / "config").commit("x")
    configure(folder, source() + GITOPS)
    said = run(folder / ".." / "ours", "doctor").stdout
    assert "/../" not in said
    assert f"{folder.parent}/web: mainline" in said
    assert "config: apps/{service}/{environment}.yaml: 0 files match" in said


def test_a_sync_that_knows_of_no_deployment_says_what_to_do(folder: Path) -> None:
    told = run(folder, "sync", "--format", "json").stderr.splitlines()
    assert "web: nothing says what was deployed; 2 tags look like v1.2.3; set" in told[-1]
    configure(folder, source(more='deploy_tags = "release-{version}"'))
    assert "no source told of a deployment; `cairn doctor`" in run(folder, "sync").stderr
    configure(folder, source(more='deploy_tags = "v{version}"'))
    assert "deploy" not in run(folder, "sync").stderr


def test_a_sync_without_sources_says_how_to_add_one(tmp_path: Path) -> None:
    configure(tmp_path, "")
    result = run(tmp_path, "sync")
    assert result.exit_code == 0
    assert "no source is configured; add a [[source]]" in result.stderr


def test_a_source_that_is_gone_is_one_error(folder: Path) -> None:
    configure(folder, source("../gone"))
    result = run(folder, "sync")
    assert result.exit_code == 3
    (error,) = [line for line in result.stderr.splitlines() if line.startswith("cairn:")]
    assert error == f"cairn: {folder.parent}/gone: there is no such folder; correct `path`"


def _complaints(folder: Path) -> list[str]:
    """What a sync says on standard error beside its progress."""
    lines = run(folder, "sync").stderr.splitlines()
    return [line for line in lines if line.startswith("cairn:")]


def test_a_sync_tells_a_new_gap_once_and_counts_it_from_then_on(folder: Path) -> None:
    configure(folder, source(more='deploy_tags = "v{version}"'))
    repo = GitRepo(folder.parent / "web")
    assert not _complaints(folder)
    repo.tag("v1.2", target=repo.store("blob", b"no commit"))
    (told,) = _complaints(folder)
    assert told.startswith("cairn: web: tags that name a file or a folder")
    assert not _complaints(folder)
    (row,) = answer(folder, "sync")["rows"]
    assert (row["errors"], row["gaps"]) == (0, 1)


def test_a_sync_that_finds_many_gaps_tells_the_first_and_how_many_more(folder: Path) -> None:
    sections = []
    for number in range(7):
        GitRepo(folder.parent / f"empty{number}")
        text = source(f"../empty{number}", 'deploy_tags = "v{version}"')
        sections.append(text.replace('"web"', f'"empty{number}"'))
    configure(folder, "".join(sections))
    told = [line for line in _complaints(folder) if "deploy" not in line]
    assert (
        told[0] == "cairn: empty0: it has no commit; push a first commit, or bring its history back"
    )
    assert told[5:] == ["cairn: 2 more gaps are new; the page Sources lists them all"]


def test_doctor_tells_what_was_missing_when_it_was_read(folder: Path) -> None:
    repo = GitRepo(folder.parent / "web")
    lost = repo.sha("main")
    repo.commit("second")
    repo.lose(lost)
    run(folder, "sync")
    (told,) = [line for line in findings(folder) if "lacks something" in line]
    assert told.startswith("warning web: lacks something: commits that cannot be read, where")
    assert "git fsck" in told


def test_damage_is_an_error_of_sync_and_doctor_and_takes_no_figure(folder: Path) -> None:
    configure(folder, source(more='deploy_tags = "v{version}"'))
    run(folder, "sync")
    asked = ("rows", "deployment_frequency", "--period", "2026")
    known = answer(folder, *asked)["rows"]
    repo = GitRepo(folder.parent / "web")
    (repo.git_dir / "refs/heads/main").write_text(f"{repo.store('blob', b'1')}\n")
    result = run(folder, "sync")
    assert result.exit_code == 3
    (told,) = [line for line in result.stderr.splitlines() if line.startswith("cairn:")]
    what = f"{repo.path}: `main` leads to a blob, not to a commit"
    assert told.startswith(f"cairn: {what}")
    assert answer(folder, *asked)["rows"] == known != []
    doctor = run(folder, "doctor")
    assert doctor.exit_code == 1
    assert f"error   {what}" in doctor.stdout


def test_doctor_warns_of_two_repositories_that_are_called_the_same(folder: Path) -> None:
    sections = source(more='web_url = "https://a.example/web"')
    GitRepo(folder.parent / "other").commit("first")
    other = source("../other", 'repository = "web"\nweb_url = "https://b.example/web"')
    configure(folder, sections + other.replace('name = "web"', 'name = "other"'))
    run(folder, "sync")
    (told,) = [line for line in findings(folder) if "both called" in line]
    assert told.startswith(
        "warning other, web: repositories at https://a.example/web and https://b."
    )
    assert "name one of them with `repository`" in told


def test_doctor_tells_a_reading_that_failed_for_what_was_known_before(folder: Path) -> None:
    run(folder, "sync")
    repo = GitRepo(folder.parent / "web")
    shutil.rmtree(repo.path)
    GitRepo(repo.path)
    assert run(folder, "sync").exit_code == 3
    doctor = run(folder, "doctor")
    assert doctor.exit_code == 1
    (told,) = [line for line in doctor.stdout.splitlines() if line.startswith("error")]
    assert told.startswith("error   web: its last reading failed: ")
    assert "it has no commit any more; what was read of it stays" in told
    assert told.endswith("if that is mended, run `cairn sync`")

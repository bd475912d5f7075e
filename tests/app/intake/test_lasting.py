"""What was answered 202 is never lost: not by a kill, a full disk, a second server, or a sync."""

from __future__ import annotations

import http.client
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from time import monotonic

from connectors.update import rebuild
from data.store.lock import writing
from data.store.workspace import Workspace
from tests.app.intake.bare import taking
from tests.app.intake.sending import (
    ENVIRONMENT,
    SECRET,
    Sender,
    kept,
    post,
    rows,
    source,
    synced,
)
from tests.app.serving import serving
from tests.connectors.events.sent import lineage

RUNS = "select run, result from pipeline_run order by run"


def configured(folder: Path, *sources: str) -> Path:
    (folder / "cairn.toml").write_text("".join(sources), encoding="utf-8")
    return folder


def test_an_event_that_was_answered_outlives_a_kill_right_after(tmp_path: Path) -> None:
    folder = configured(tmp_path, source("openlineage"))
    with serving(folder, **ENVIRONMENT) as server, closing(Sender(server.host)) as sender:
        assert sender.post("openlineage", lineage("START", "run-1")).status == 202
        server.process.kill()
        server.process.wait()
    with taking(folder) as server, closing(Sender(server.host)) as sender:
        for number in range(2, 5):
            assert sender.post("openlineage", lineage("START", f"run-{number}")).status == 202
        server.process.kill()
        server.process.wait()
    synced(folder)
    assert rows(folder, RUNS) == [(f"run-{number}", "running") for number in range(1, 5)]


def test_a_kill_in_the_middle_of_a_crowd_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    folder = configured(tmp_path, source("openlineage", more="most_a_second = 100000"))
    answered: list[str] = []
    many = threading.Event()

    def crowd(host: str, name: int) -> None:
        with closing(Sender(host)) as sender:
            for number in range(10_000):
                try:
                    answer = sender.post("openlineage", lineage("START", f"{name}-{number}"))
                except (OSError, http.client.HTTPException):  # it was killed
                    return
                if answer.status == 202:
                    answered.append(f"{name}-{number}")
                if len(answered) > 200:
                    many.set()

    with taking(folder) as server:
        threads = [threading.Thread(target=crowd, args=(server.host, n)) for n in range(8)]
        for thread in threads:
            thread.start()
        assert many.wait(60)
        server.process.kill()
        for thread in threads:
            thread.join()
    with taking(folder) as server:
        assert post(server.host, "openlineage", lineage("START", "after")).status == 202
    synced(folder)
    assert {*answered, "after"} <= {run for run, _ in rows(folder, RUNS)}


def test_two_servers_of_one_folder_lose_nothing_of_each_other(tmp_path: Path) -> None:
    folder = configured(tmp_path, source("openlineage"))
    with ExitStack() as running:
        servers = [running.enter_context(taking(folder)) for _ in range(2)]
        senders = [running.enter_context(closing(Sender(server.host))) for server in servers]
        for number in range(20):
            body = lineage("START", f"run-{number:02}")
            assert senders[number % 2].post("openlineage", body).status == 202
    synced(folder)
    assert [run for run, _ in rows(folder, RUNS)] == [f"run-{n:02}" for n in range(20)]


def test_a_sync_while_events_arrive_takes_each_once(tmp_path: Path) -> None:
    folder = configured(tmp_path, source("openlineage", more="most_a_second = 100000"))
    with taking(folder) as server:
        is_over = threading.Event()

        def sending() -> None:
            with closing(Sender(server.host)) as sender:
                for number in range(60):
                    for what, minute in (("START", 0), ("COMPLETE", 5)):
                        body = lineage(what, f"run-{number:03}", minute)
                        assert sender.post("openlineage", body).status == 202
            is_over.set()

        thread = threading.Thread(target=sending)
        thread.start()
        while not is_over.is_set():
            synced(folder)
        thread.join()
        last = synced(folder)
        assert synced(folder).sources[0].pages == 0
    expected = [(f"run-{number:03}", "success") for number in range(60)]
    assert rows(folder, RUNS) == expected
    assert rows(folder, "select count(*) from gap") == [(0,)]
    again = rebuild(Workspace(folder), lambda what, done, total: None)
    assert again.snapshot != last.snapshot
    assert rows(folder, RUNS) == expected


def test_a_rebuild_needs_the_archived_pages_alone(tmp_path: Path) -> None:
    folder = configured(tmp_path, source("openlineage"))
    with taking(folder) as server:
        for what, minute in (("START", 0), ("FAIL", 5)):
            assert post(server.host, "openlineage", lineage(what, "r", minute)).status == 202
            synced(folder)
    before = rows(folder, "select * exclude (observed_at) from pipeline_run")
    inbox = folder / "store" / "archive" / "inbox" / "openlineage"
    inbox.rename(tmp_path / "gone")
    (folder / "store" / "mirrors" / "openlineage.events").unlink()
    rebuild(Workspace(folder), lambda what, done, total: None)
    assert rows(folder, "select * exclude (observed_at) from pipeline_run") == before


def test_sources_come_go_and_change_while_the_server_runs(tmp_path: Path) -> None:
    folder = configured(tmp_path)
    body = lineage("START")
    with taking(folder) as server, closing(Sender(server.host)) as sender:

        def is_told(*expected: int) -> bool:
            until = monotonic() + 20
            while sender.post("openlineage", body).status not in expected:
                if monotonic() > until:
                    return False
            return True

        assert is_told(404, 405)
        configured(folder, source("openlineage"))
        assert is_told(202)
        configured(folder, source("openlineage").replace("CAIRN_TEST_SECRET", "CAIRN_TEST_NO"))
        assert is_told(503)
        configured(folder, source("openlineage"), "[organisation]\nname = 3\n")
        assert is_told(503)  # a file that is wrong for a moment changes nothing
        configured(folder, source("openlineage"))
        assert is_told(202)
        configured(folder, source("openlineage", "other"))
        assert is_told(404)
        assert sender.post("other", body).status == 202
        server.process.terminate()
        _, errors = server.process.communicate(timeout=20)
    assert SECRET not in errors
    assert errors.count("CAIRN_TEST_NO") == 1, "many refused events are one line of the log"
    assert [len(kept(folder, name)) for name in ("openlineage", "other")] == [2, 1]


def test_what_the_disk_has_no_room_for_is_refused_and_nothing_else_is_lost(
    tmp_path: Path,
) -> None:
    """A limit on the size of a file stands for a disk that is full."""
    folder = configured(tmp_path, source("openlineage"))
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))"
    large = {"facets": {"large": "x" * 20_000}}
    with taking(folder, limit) as server, closing(Sender(server.host)) as sender:
        answers = [
            sender.post("openlineage", lineage("START", f"r{n}", job=large)) for n in range(5)
        ]
        codes = [answer.status for answer in answers]
        assert codes == [202, 202, 503, 503, 503]
        assert sender.post("openlineage", lineage("START", "short")).status == 202
    synced(folder)
    assert [run for run, _ in rows(folder, RUNS)] == ["r0", "r1", "short"]


def test_an_event_sent_ten_times_over_restarts_is_one_row(tmp_path: Path) -> None:
    folder = configured(tmp_path, source("openlineage"))
    ends, begins = lineage("COMPLETE", "r", 9), lineage("START", "r")
    for _ in range(2):
        with taking(folder) as server:
            for body in (ends, begins) * 5:
                assert post(server.host, "openlineage", body).status in (200, 202)
        synced(folder)
    assert rows(folder, RUNS) == [("r", "success")]
    ((count, gaps),) = rows(
        folder, "select (select count(*) from lineage_edge), (select count(*) from gap)"
    )
    assert (count, gaps) == (2, 0)


def test_events_are_taken_while_somebody_writes_to_the_store(tmp_path: Path) -> None:
    folder = configured(tmp_path, source("openlineage"))
    with taking(folder) as server, writing(Workspace(folder), "a test"):
        assert post(server.host, "openlineage", lineage("START")).status == 202

"""Questions that show one state together, over a small server that counts what it is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest

from connectors.answers.page import read_page
from connectors.github.api.survey import Survey
from connectors.github.api.surveyed import answers_of, only
from connectors.github.api.withheld import to_archive, without_withheld
from connectors.http.errors import Forbidden, UnexpectedReply
from connectors.http.session import Http
from connectors.interface import Reading
from tests.connectors.loopback import Answer, Asked, FakeTime, LoopbackServer, client

State = dict[str, Any]
Run = Callable[..., Survey]


class Small:
    """Answers paths with what `told` holds; a number is a status it refuses with."""

    def __init__(self, **told: Any) -> None:
        self.told: State = told
        self.counted: list[str] = []

    def __call__(self, asked: Asked) -> Answer:
        said = self.told[asked.path.strip("/")]
        if isinstance(said, int):
            self.counted.append(asked.path)
            return Answer.json({"message": "no"}, said)
        size, page = int(asked.params.get("per_page", 100)), int(asked.params.get("page", 1))
        shown = said[(page - 1) * size : page * size] if isinstance(said, list) else said
        etag = f'"{hash(json.dumps(shown))}"'
        if asked.headers.get("if-none-match") == etag:
            return Answer(304)
        self.counted.append(asked.path)
        headers = {"ETag": etag}
        if isinstance(said, list) and page * size < len(said):
            link = f"<{asked.path}?per_page={size}&page={page + 1}>"
            headers["Link"] = f'{link}; rel="next"'
        return Answer.json(shown, 200, **headers)


def everything(_name: str, answer: Any) -> Any:
    return answer


def survey(http: Http, cursor: Any = None, name: str = "acme", **settings: Any) -> Survey:
    made = Survey(http, cursor, name, settings.pop("weigh", everything), **settings)
    if made.has_changed():
        made.ask("one", "one")
        made.ask_list("many", "many", is_needed=False)
        made.ask("late", "late", is_needed=False, follows="one")
    return made


@pytest.fixture
def small() -> Small:
    return Small(one={"a": 1}, many=[{"id": 1}, {"id": 2}, {"id": 3}], late={})


@pytest.fixture
def run(small: Small) -> Iterator[Run]:
    with LoopbackServer(small) as server:
        http = client(server, FakeTime())
        yield lambda cursor=None, **settings: survey(http, cursor, **settings)


def test_a_page_holds_all_answers_by_the_names_of_their_questions(run: Run) -> None:
    with patch.object(Survey, "page_size", 2):
        batch = run().complete({"organisation": "acme"})
    header, answers = read_page(batch.payload)
    said = answers_of(header, answers)
    assert said == {"one": [{"a": 1}], "many": [[{"id": 1}, {"id": 2}], [{"id": 3}]], "late": [{}]}
    assert (batch.reading, batch.is_first, batch.is_last) == (Reading.COMPLETE, True, True)


def test_nothing_new_costs_nothing_however_many_pages(run: Run, small: Small) -> None:
    with patch.object(Survey, "page_size", 2):
        cursor = run().cursor
        small.counted.clear()
        assert run(cursor).cursor["asked"] == []
    assert small.counted == []
    assert len(json.dumps(cursor)) < 2000


def test_a_change_on_any_page_is_seen(run: Run, small: Small) -> None:
    with patch.object(Survey, "page_size", 2):
        cursor = run().cursor
        small.told["many"][2] = {"id": 4}
        _, answers = read_page(run(cursor).page({}))
    assert answers[2] == [{"id": 4}]


def test_what_does_not_count_may_change_unnoticed(run: Run, small: Small) -> None:
    def weigh(_name: str, answer: Any) -> Any:
        return only(answer, "id", "a")

    cursor = run(weigh=weigh).cursor
    small.told["one"] = {"a": 1, "pushed_at": "now"}
    assert run(cursor, weigh=weigh).cursor["asked"] == []
    small.told["one"] = {"a": 2}
    assert run(cursor, weigh=weigh).cursor["asked"]


def test_an_answer_that_a_look_brought_is_not_asked_for_twice(run: Run, small: Small) -> None:
    cursor = run().cursor
    small.counted.clear()
    small.told["one"] = {"a": 2}
    run(cursor)
    assert small.counted.count("/one") == 1


def test_a_refusal_is_noted_and_the_rest_is_read(run: Run, small: Small) -> None:
    small.told["many"] = 403
    first = run()
    assert first.refusals["many"].status == 403
    again = run(first.cursor)
    assert again.cursor["asked"] == []
    assert again.refusals == first.refusals


def test_what_was_told_and_is_refused_now_is_an_error_where_what_is_left_out_is_gone(
    run: Run, small: Small
) -> None:
    cursor = run().cursor
    small.told["many"] = 403
    with pytest.raises(Forbidden):
        run(cursor)
    assert run(cursor, is_complete=False).refusals["many"].status == 403


def test_what_is_needed_must_not_be_refused(run: Run, small: Small) -> None:
    small.told["one"] = 403
    with pytest.raises(Forbidden):
        run()


def test_what_was_missing_is_asked_for_when_what_it_follows_changed(run: Run, small: Small) -> None:
    small.told["late"] = 404
    cursor = run().cursor
    small.counted.clear()
    run(cursor)
    assert small.counted == []
    small.told.update(one={"a": 2}, late={"b": 1})
    assert "late" not in run(cursor).refusals


def test_under_another_name_all_is_read_again(run: Run) -> None:
    assert run(run().cursor, name="other").cursor["asked"]


@pytest.mark.parametrize(("path", "told"), [("one", None), ("one", []), ("many", None)])
def test_an_answer_of_another_kind_is_told(run: Run, small: Small, path: str, told: Any) -> None:
    small.told[path] = told
    with pytest.raises(UnexpectedReply):
        run()


def test_secrets_and_addresses_are_left_out_at_any_depth() -> None:
    told = {
        "secret": "x",
        "secret_type": "token",
        "billing_email": "a@example.com",
        "nested": [{"email": None, "login": "dev-1"}],
        "hashed_token": "y",
    }
    assert without_withheld(told) == {
        "secret_type": "token",
        "nested": [{"login": "dev-1"}],
    }


def test_lone_surrogates_can_be_archived() -> None:
    assert json.loads(to_archive(["\ud800"])) == ["\ud800"]

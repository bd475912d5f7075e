"""What `cairn doctor` says of a source that is one API: each stream by itself, with its right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from connectors.api.connector import ApiConnector
from connectors.interface import Finding, Severity
from tests.connectors.api_binding import ApiBinding
from tests.connectors.argocd.test_conformance import ArgoCdBinding
from tests.connectors.jenkins.test_conformance import JenkinsBinding
from tests.connectors.kubeflow.test_conformance import KubeflowBinding
from tests.connectors.pagerduty.test_conformance import PagerDutyBinding
from tests.connectors.wandb.test_conformance import WandbBinding

STREAMS = [
    (binding, stream)
    for binding in (ArgoCdBinding, JenkinsBinding, KubeflowBinding, PagerDutyBinding, WandbBinding)
    for stream in binding.questions
]


@pytest.fixture
def source(binding: type[ApiBinding], tmp_path: Path) -> Iterator[ApiBinding]:
    with ExitStack() as running:
        yield binding(tmp_path, running)


def _found(source: ApiBinding) -> dict[str, Finding]:
    """By stream."""
    made = source.connector()
    assert isinstance(made, ApiConnector)
    told = {finding.where: finding for finding in made.check()}
    return {stream.name: told[f"api {stream.name}"] for stream in made.discover()}


@pytest.mark.parametrize(("binding", "stream"), STREAMS)
def test_a_refused_stream_is_told_with_its_right_and_the_others_are_looked_at(
    source: ApiBinding, stream: str
) -> None:
    needs = {each.name: each.needs for each in source.connector().discover()}
    source.refuse(stream, 403, 1)
    found = _found(source)
    assert found[stream].severity is Severity.WARNING
    assert f"(needed: {needs[stream]})" in found.pop(stream).fix
    assert {finding.severity for finding in found.values()} <= {Severity.OK}


@pytest.mark.parametrize(("binding", "stream"), STREAMS)
def test_a_token_that_is_not_known_is_an_error(source: ApiBinding, stream: str) -> None:
    source.refuse(stream, 401, 1)
    assert _found(source)[stream].severity is Severity.ERROR

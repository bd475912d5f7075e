"""What may be set, and what is refused with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.prometheus.settings import PrometheusSettings

URL = "https://prometheus.example"


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"objective": [{"name": "a", "target": 0.9}]}, "set either `ratio`"),
        ({"objective": [{"name": "a", "target": 0.9, "good": "g"}]}, "set either `ratio`"),
        ({"objective": [{"name": "a", "target": 99.9, "ratio": "r"}]}, "less than or equal to 1"),
        ({"requests": [{"name": "a", "query": "q"}] * 2}, "`a` is used twice"),
        ({"resolution_seconds": 7 * 60}, "must divide a day"),
        ({"user": "reader"}, "`user` needs a `token`"),
        ({"token": "plain"}, "never the secret itself"),
        ({"labels": {"services": ["x"]}}, "Extra inputs"),
        ({"url": "https://a:b@prometheus.example"}, "carries a user"),
    ],
)
def test_what_cannot_be_meant_is_refused(told: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        PrometheusSettings.model_validate({"url": URL, **told})


def test_an_address_alone_will_do() -> None:
    settings = PrometheusSettings.model_validate({"url": URL})
    assert settings.labels.service[0] == "service"

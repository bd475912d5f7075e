"""Repositories of one name that are not one."""

from __future__ import annotations

from pathlib import Path

from data.health.repositories import Namesakes, namesakes
from tests.data.published import published, repository


def test_one_name_at_two_addresses_is_found_and_one_address_told_twice_is_not(
    tmp_path: Path,
) -> None:
    told = [
        repository("web"),
        repository("web", id="a", source="other", url="https://elsewhere.example/web"),
        repository("api"),
        repository("api", id="b", source="other", url="https://GIT.example/api/"),
        repository("bare", url=None),
        repository("bare", id="c", source="other"),
    ]
    with published(tmp_path, told) as snapshot:
        urls = ("https://elsewhere.example/web", "https://git.example/web")
        assert namesakes(snapshot) == (Namesakes("web", ("other", "test"), urls),)

"""Every mistake in `cairn.toml` is one line: file, line, what, and the nearest valid word."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from data.configuration import (
    Configuration,
    ConfigurationError,
    Tier,
    load,
    place_of,
    validate_settings,
)
from data.errors import CairnError

GOOD = """\
[organisation]
name = "Example"
timezone = "Europe/Berlin"

[environments]
production = ["prod-*"]

[[team]]
name = "finance"

[[team]]
name = "payments"
parent = "finance"
owns = ["service:pay*", "repo:acme/pay-*"]

[[service]]
name = "shop"
repository = "web"
path = "apps/shop"

[[annotation]]
from = 2026-03-01
to = 2026-03-31
text = "Migration"
team = "payments"

[[source]]
name = "web"
kind = "git"
path = "../web"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cairn.toml"


def refusal(path: Path, text: str | bytes) -> CairnError:
    """The error of a configuration that cannot be taken; it is one line about this file."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigurationError) as refused:
        load(path)
    assert refused.value.where.startswith(str(path))
    assert "\n" not in str(refused.value)
    assert refused.value.what
    assert refused.value.fix
    return refused.value


def told(path: Path, text: str | bytes) -> tuple[int, str]:
    """Line and words of the error."""
    error = refusal(path, text)
    _, _, line = error.where.rpartition(", line ")
    return int(line), f"{error.what}; {error.fix}"


def test_a_good_configuration_says_what_it_says(path: Path) -> None:
    path.write_text(GOOD)
    configuration = load(path)
    assert configuration.organisation.timezone == "Europe/Berlin"
    assert configuration.environments == {Tier.PRODUCTION: ["prod-*"]}
    assert [team.name for team in configuration.team] == ["finance", "payments"]
    assert configuration.annotation[0].from_ == date(2026, 3, 1)
    assert configuration.source[0].options == {"path": "../web"}


def test_an_empty_file_is_a_configuration_without_sources(path: Path) -> None:
    path.write_text("")
    assert load(path) == Configuration()


@pytest.mark.parametrize(
    ("good", "bad", "line", "said"),
    [
        # unknown keys, on every level
        ("timezone =", "time_zone =", 3, "unknown key `time_zone`; did you mean `timezone`?"),
        ("[[team]]\nname = \"f", "[[teams]]\nname = \"f", 8, "`teams`; did you mean `team`?"),
        ("[organisation]", "[organization]", 1, "did you mean `organisation`?"),
        ("parent =", "partner =", 13, "unknown key `partner`; did you mean `parent`?"),
        ("from =", "form =", 22, "unknown key `form` (the first of 2 mistakes); did you mean"),
        ("repository =", "xyzzy =", 18, "use one of: name, path, repository"),
        ("production =", "prodution =", 6, "unknown key `prodution`; did you mean `production`?"),
        ("[environments]", "[organisation.more]\na = 1\n[environments]", 5, "unknown key `more`"),
        # types and shapes
        ('name = "Example"', "name = 7", 2, "`name`: input should be a valid string"),
        ('["prod-*"]', '"prod-*"', 6, 'write a list: `production = ["…"]`'),
        ('["prod-*"]', '["prod-*", 7]', 6, "`production`: input should be a valid string"),
        ('["prod-*"]', '[""]', 6, "at least 1 character"),
        ("2026-03-01", "true", 22, "`from`: "),
        ('"Europe/Berlin"', '"Europe/Berln"', 3, "did you mean Europe/Berlin?"),
        ('"Europe/Berlin"', '"Europe"', 3, "unknown time zone 'Europe'"),
        ('"Europe/Berlin"', '"../../etc/passwd"', 3, "unknown time zone"),
        ('"Europe/Berlin"', '""', 3, "unknown time zone ''"),
        ('name = "Example"', 'hotfix_pattern = "(["', 2, "is no regular expression"),
        ('name = "Example"', "incident_gap_days = 0", 2, "greater than or equal to 1"),
        ('name = "Example"', "keep_snapshots = 1", 2, "greater than or equal to 2"),
        ('"finance"\n\n', '"fin ance"\n\n', 9, "`name`: string should match pattern"),
        ('"finance"\n\n', '"unowned"\n\n', 9, "`unowned` is what nobody owns"),
        ('"service:pay*"', '"servce:pay*"', 14, "must be one of `service:PATTERN`, `repo:PATTERN`"),
        ('"service:pay*"', '"service:"', 14, "must be one of `service:PATTERN`, `repo:PATTERN`"),
        # what only the whole file shows
        ('parent = "finance"', 'parent = "finanse"', 13, "no team `finanse`; did you mean `fin"),
        ('parent = "finance"', 'parent = "payments"', 13, "team `payments` is part of itself"),
        ('name = "payments"', 'name = "finance"', 12, "a second team named `finance`"),
        ('team = "payments"', 'team = "payment"', 25, "no team `payment`; did you mean `payments"),
        ("to = 2026-03-31", "to = 2026-02-28", 21, "an annotation ends before it begins"),
        ('kind = "git"', 'kind = "git"\n[[source]]\nname = "web"\nkind = "git"', 31, "named `web`"),
        ('kind = "git"', "", 27, "key `kind` is missing; add `kind = …`"),
        ('name = "web"', 'name = "a/b"', 28, "should match pattern"),
        ('name = "shop"', 'name = ""', 17, "at least 1 character"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_the_way_out(
    path: Path, good: str, bad: str, line: int, said: str
) -> None:
    assert good in GOOD
    found, words = told(path, GOOD.replace(good, bad, 1))
    assert said in words
    assert found == line


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[team]\nname = 'a'\n", 1, "write each as a table of its own, below `[[team]]`"),
        ("\nteam = ['a']\n", 2, "write it as a table, below `[[team]]`"),
        ("\n\norganisation = 3\n", 3, "write it as a table, below `[organisation]`"),
        ("[[environments]]\n", 1, "write it as a table, below `[environments]`"),
        ("team = [{ name = 'a' }, { name = 'b', onws = [] }]\n", 1, "did you mean `owns`?"),
        ("[[team]]\n[team.owns]\na = 1\n", 2, 'write a list: `owns = ["…"]`'),
        ("a = 1\nb = 2\n", 1, "unknown key `a` (the first of 2 mistakes)"),
        ("[waivers]\nmost_days = 9\n", 2, "write it as a table, below `[waivers.most_days]`"),
        ("[waivers]\nmost_days = { emergancy = 9 }\n", 2, "did you mean `emergency`?"),
        ("[waivers]\nmost_days = { emergency = 0 }\n", 2, "`emergency`: input should be greater"),
    ],
)
def test_a_table_of_the_wrong_shape_is_told_the_right_one(
    path: Path, text: str, line: int, said: str
) -> None:
    found, words = told(path, text)
    assert said in words
    assert found == line


def test_a_ring_of_parents_is_told_at_the_first_team_of_it(path: Path) -> None:
    ring = "".join(
        f'[[team]]\nname = "{name}"\nparent = "{parent}"\n'
        for name, parent in (("outside", "a"), ("a", "b"), ("b", "c"), ("c", "a"))
    )
    assert told(path, ring)[1].startswith("team `outside` is more than 20 teams deep")
    assert told(path, ring.removeprefix('[[team]]\nname = "outside"\nparent = "a"\n')) == (
        3,
        "team `a` is part of itself; take a `parent` out",
    )


def test_a_team_pattern_that_matches_nothing_is_no_error(path: Path) -> None:
    path.write_text('[[team]]\nname = "a"\nowns = ["service:nothing-like-it"]\n')
    assert load(path).team[0].owns == ("service:nothing-like-it",)


# --- files that are hardly a configuration ---


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"[organisation\n", 1, "not valid TOML"),
        (b"a = 1\nb = \n", 2, "not valid TOML: Invalid value"),
        (b'a = 1\n\nb = """never closed\n', 3, "not valid TOML"),
        (b"a = 1\na = 2\n", 2, "not valid TOML: Cannot overwrite a value"),
        (b"a = 1\r\nb = \r\n", 2, "not valid TOML"),
        (b"a = 1\rb = 2", 1, "not valid TOML"),
        (b"a = 1\nb = '\x00'\n", 2, "not valid TOML"),
        (b"a = " + b"9" * 5000, 1, "not valid TOML"),
        (b"# caf\xe9\n", 1, "not UTF-8; save it as UTF-8"),
        (b"a = 1\n# ok\nb = '\xff'\n", 3, "not UTF-8; save it as UTF-8"),
        ('[organisation]\nname = "é"\n'.encode("utf-16"), 1, "not UTF-8; save it as UTF-8"),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(
    path: Path, content: bytes, line: int, said: str
) -> None:
    found, words = told(path, content)
    assert said in words
    assert found == line


def test_a_byte_order_mark_and_windows_line_ends_are_fine(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    windows = load(path)
    path.write_text(GOOD)
    assert load(path) == windows
    bad = b"\xef\xbb\xbf" + GOOD.replace("parent", "partner").replace("\n", "\r\n").encode()
    assert told(path, bad)[0] == 13


def test_a_file_that_is_huge_or_nested_without_end_is_refused(path: Path) -> None:
    assert "no configuration" in refusal(path, b"#" * 1_000_001).what
    assert "nested too deeply" in refusal(path, "a = " + "[" * 100_000).what


def test_many_tables_are_read_in_reasonable_time(path: Path) -> None:
    text = "".join(f'[[team]]\nname = "t{i}"\n' for i in range(10_000))
    path.write_text(text)
    assert len(load(path).team) == 10_000
    assert told(path, text + '[[team]]\nname = "t0"\n') == (
        20_002,
        "a second team named `t0`; give each a name of its own",
    )


@pytest.mark.parametrize(
    ("source", "said"), [('source = "ml"\n', "for source `ml`"), ("", "without a `source`")]
)
def test_two_registries_of_one_source_are_refused(path: Path, source: str, said: str) -> None:
    one = f'[[registry]]\n{source}approval = "tag:review=ok"\n'
    line, what = told(path, one + one)
    assert line == one.count("\n") + 1
    assert (
        what
        == f"a second `[[registry]]` {said}: which rules hold?; write all of its rules into one"
    )


def test_no_file_and_no_right_to_read_it_are_told(path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no configuration; run `cairn init` here"):
        load(path)
    path.mkdir()
    with pytest.raises(ConfigurationError, match="unreadable \\(Is a directory\\)"):
        load(path)


@given(text=st.text(alphabet="[]team.name=\"'\n\r{},1 #\\é\ufeff\x00", max_size=80))
def test_any_text_is_a_configuration_or_a_mistake_inside_the_file(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(text.encode())
    try:
        load(path)
    except ConfigurationError as error:
        _, _, line = error.where.rpartition(", line ")
        assert 1 <= int(line) <= text.count("\n") + 1
    else:
        assert not set(tomllib.loads(text.removeprefix("\ufeff"))) - {"team"}


# --- the settings of a kind of source ---


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    path: str
    services: dict[str, str] = {}


def test_a_setting_of_a_source_is_told_with_the_line_in_its_own_table(path: Path) -> None:
    path.write_text(
        '[[source]]\nname = "a"\nkind = "k"\npath = "x"\n'
        '[[source]]\nname = "b"\nkind = "k"\npaht = "x"\n[source.services]\nshop = 3\n'
    )
    first, second = load(path).source
    assert validate_settings(Settings, path, 0, first.options).path == "x"
    with pytest.raises(ConfigurationError) as refused:
        validate_settings(Settings, path, 1, second.options)
    assert refused.value.where == f"{path}, line 10"
    assert "the first of 3 mistakes" in refused.value.what
    with pytest.raises(ConfigurationError) as refused:
        validate_settings(Settings, path, 1, {"path": "x", "paht": "x"})
    assert refused.value.where == f"{path}, line 8"
    assert refused.value.fix == "did you mean `path`?"
    with pytest.raises(ConfigurationError) as refused:
        validate_settings(Settings, path, 1, {"path": "x", "services": {"shop": 3}})
    assert refused.value.where == f"{path}, line 10"


def test_the_place_of_a_key_is_file_and_line(path: Path) -> None:
    path.write_text(GOOD)
    assert place_of(path, ("source", 0, "kind")) == f"{path}, line 29"


# --- what depends on the configuration ---


def test_the_hash_changes_with_what_is_said_and_not_with_how(path: Path) -> None:
    path.write_text(GOOD)
    before = load(path)
    path.write_text("# other\n" + GOOD.replace('["prod-*"]', '[ "prod-*" ]'))
    assert load(path).sha256 == before.sha256
    assert load(path).source[0].sha256 == before.source[0].sha256
    path.write_text(GOOD.replace("../web", "../website"))
    assert load(path).sha256 != before.sha256
    assert load(path).source[0].sha256 != before.source[0].sha256


def test_the_hash_changes_with_the_order_of_teams_and_tiers_that_match_first(path: Path) -> None:
    texts = [
        '[[team]]\nname = "a"\n[[team]]\nname = "b"\n',
        '[[team]]\nname = "b"\n[[team]]\nname = "a"\n',
        '[environments]\nproduction = ["x*"]\nstaging = ["xy"]\n',
        '[environments]\nstaging = ["xy"]\nproduction = ["x*"]\n',
    ]
    hashes = set()
    for text in texts:
        path.write_text(text)
        hashes.add(load(path).sha256)
    assert len(hashes) == len(texts)


def test_every_time_zone_that_python_knows_is_a_time_zone_but_for_the_machines_own(
    path: Path,
) -> None:
    zones = sorted(available_timezones() - {"localtime", "Factory"})
    teams = (f'[[team]]\nname = "t{i}"\ntimezone = "{z}"\n' for i, z in enumerate(zones))
    path.write_text("".join(teams))
    assert [team.timezone for team in load(path).team] == zones
    path.write_text('[organisation]\ntimezone = "localtime"\n')
    with pytest.raises(ConfigurationError, match="is another zone on each machine"):
        load(path)

"""Contrast of the theme, by WCAG 2.2: 1.4.3 for text, 1.4.11 for marks and controls.

Relative luminance and contrast ratio are defined at https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

from __future__ import annotations

import tomllib
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

CONFIG = Path(__file__).parents[1] / ".streamlit" / "config.toml"
SETTINGS: dict[str, Any] = tomllib.loads(CONFIG.read_text(encoding="utf-8"))

MODES = ["light", "dark"]
AREAS = [(mode, area) for mode in MODES for area in ("main", "sidebar")]
HUES = ["red", "orange", "yellow", "green", "blue", "violet", "gray"]
SURFACES = ["backgroundColor", "secondaryBackgroundColor"]

TEXT = 4.5
MARK = 3.0
WHITE = "#ffffff"
CAPTION_OPACITY = 0.6  # how Streamlit draws captions: text colour, see-through


def theme(mode: str, area: str = "main") -> dict[str, Any]:
    """The options in force in one mode, as Streamlit merges them."""
    main = {**SETTINGS["theme"], **SETTINGS["theme"][mode]}
    return {**main, **main["sidebar"]} if area == "sidebar" else main


def channels(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    assert len(digits) == 6, f"{colour} is not #rrggbb"
    red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
    return red, green, blue


def luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def blend(colour: str, surface: str, opacity: float) -> str:
    mixed = (
        round(opacity * c + (1 - opacity) * s)
        for c, s in zip(channels(colour), channels(surface), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def test_contrast_agrees_with_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ffffff", "#767676") >= TEXT


@pytest.mark.parametrize(("mode", "area"), AREAS)
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("role", ["textColor", "linkColor", *(f"{hue}TextColor" for hue in HUES)])
def test_text_is_readable_on_every_surface(mode: str, area: str, surface: str, role: str) -> None:
    options = theme(mode, area)
    assert contrast(options[role], options[surface]) >= TEXT


@pytest.mark.parametrize(("mode", "area"), AREAS)
def test_captions_are_readable(mode: str, area: str) -> None:
    options = theme(mode, area)
    for surface in SURFACES:
        caption = blend(options["textColor"], options[surface], CAPTION_OPACITY)
        assert contrast(caption, options[surface]) >= TEXT


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("hue", HUES)
def test_a_badge_is_readable_on_its_own_colour(mode: str, hue: str) -> None:
    options = theme(mode)
    assert contrast(options[f"{hue}TextColor"], options[f"{hue}BackgroundColor"]) >= TEXT


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("codeTextColor", "codeBackgroundColor"),
        ("dataframeHeaderTextColor", "dataframeHeaderBackgroundColor"),
    ],
)
def test_code_and_table_heads_are_readable(mode: str, text: str, surface: str) -> None:
    options = theme(mode)
    assert contrast(options[text], options[surface]) >= TEXT


@pytest.mark.parametrize("mode", MODES)
def test_the_marker_is_readable_as_text(mode: str) -> None:
    main, sidebar = theme(mode), theme(mode, "sidebar")
    for surface in SURFACES:
        assert contrast(main["primaryColor"], main[surface]) >= TEXT
    assert contrast(sidebar["primaryColor"], sidebar["backgroundColor"]) >= TEXT
    assert contrast(sidebar["primaryColor"], sidebar["secondaryBackgroundColor"]) >= MARK


@pytest.mark.parametrize(
    ("mode", "area", "least"),
    [
        ("light", "main", TEXT),
        ("light", "sidebar", TEXT),
        ("dark", "sidebar", TEXT),
        ("dark", "main", MARK),  # ticks and knobs only: see the note in config.toml
    ],
)
def test_white_is_readable_on_the_marker(mode: str, area: str, least: float) -> None:
    assert contrast(WHITE, theme(mode, area)["primaryColor"]) >= least


@pytest.mark.parametrize("mode", MODES)
def test_chart_colours_stand_out_from_every_surface(mode: str) -> None:
    options = theme(mode)
    for colour, surface in product(options["chartCategoricalColors"], SURFACES):
        assert contrast(colour, options[surface]) >= MARK, f"{colour} on {surface}"


@pytest.mark.parametrize("mode", MODES)
def test_chart_palettes_have_the_ten_colours_that_plotly_needs(mode: str) -> None:
    for palette in ("Categorical", "Sequential", "Diverging"):
        colours = theme(mode)[f"chart{palette}Colors"]
        assert len(colours) == 10
        assert all(one != other for one, other in combinations(colours, 2))


def test_a_scale_runs_towards_the_text_colour() -> None:
    light = [luminance(colour) for colour in theme("light")["chartSequentialColors"]]
    dark = [luminance(colour) for colour in theme("dark")["chartSequentialColors"]]
    assert light == sorted(light, reverse=True)
    assert dark == sorted(dark)


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert "://" not in CONFIG.read_text(encoding="utf-8")
    assert SETTINGS["browser"]["gatherUsageStats"] is False


def test_streamlit_knows_every_option() -> None:
    known = {option.key for option in config.get_config_options().values()}
    unknown = [name for name in option_names(SETTINGS) if name not in known]
    assert unknown == []


def option_names(table: dict[str, Any], prefix: str = "") -> list[str]:
    """Dotted names of all values in a table."""
    names = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        names += option_names(value, f"{name}.") if isinstance(value, dict) else [name]
    return names

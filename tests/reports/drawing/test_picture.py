import re
from xml.etree import ElementTree

import pytest

from reports.drawing.palette import BLUE, DARK, SERIES
from reports.drawing.picture import Picture, new_figure, shortened, style, to_svg

HOSTILE = 'a & <b id="x" style="y"> $\\frac{1}$ "q" 日本 ✗'


def draw(name="test", label="label"):
    with style():
        figure = new_figure(100)
        axes = figure.add_axes((0.2, 0.2, 0.7, 0.7))
        axes.plot([0, 1], [0, 1], color=BLUE, marker="o")
        axes.set_title(label)
        return to_svg(figure, name=name, alternative=label)


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_same_drawing_is_the_same_text():
    assert draw() == draw()


def test_a_picture_needs_no_style_and_nothing_from_outside():
    svg = draw()
    assert "style" not in svg
    assert not re.search(r"https?:|<script|<image|<\?xml|\bon\w+=", svg)
    assert {link[0] for link in re.findall(r'href="([^"]*)"', svg)} == {"#"}


def test_every_color_has_a_dark_form():
    svg = draw()
    assert set(re.findall(r"#[0-9a-f]{6}\b", svg)) <= set(DARK)


@pytest.mark.parametrize("color", SERIES)
def test_lines_stand_out_from_the_page_in_both_schemes(color):
    # WCAG 2.2, 1.4.11 asks for 3 to 1 where graphics carry meaning.
    assert contrast(color, "#ffffff") >= 3
    assert contrast(DARK[color], "#16191d") >= 3


def test_labels_are_text_whatever_they_hold():
    svg = draw(label=HOSTILE)
    root = ElementTree.fromstring(f'<x xmlns:xlink="x">{svg}</x>')  # noqa: S314
    assert root[0].get("aria-label") == HOSTILE
    texts = ["".join(text.itertext()) for text in root.iter("text")]
    assert HOSTILE in texts


def test_two_pictures_on_a_page_share_no_identifier():
    picture = Picture("test", draw(), "", "")
    names = [
        set(re.findall(r' id="([^"]*)"', picture.renamed(prefix).svg))
        for prefix in ("one", "two")
    ]
    assert names[0]
    assert not names[0] & names[1]
    for prefix, ids in zip(("one", "two"), names, strict=True):
        svg = picture.renamed(prefix).svg
        assert set(re.findall(r'href="#([^"]*)"|url\(#([^)]*)\)', svg))
        used = re.findall(r'(?:href="#|url\(#)([\w-]+)', svg)
        assert set(used) == ids


def test_a_line_is_written_without_the_letters_that_the_one_before_implies():
    path = "M 0 0 L 1 0 L 2.5 -1 C 1 1 2 2 3 3 L 4 4 L 5 5 z M 6 6 L 7 7"
    assert shortened(path) == "M 0 0 1 0 2.5 -1 C 1 1 2 2 3 3 L 4 4 5 5 z M 6 6 7 7"
    assert not re.search(r' d="M [-\d. ]+ L ', draw())


def test_a_file_stands_alone_with_paper_in_both_schemes():
    text = Picture("test", draw(), "", "").file_text()
    root = ElementTree.fromstring(text)  # noqa: S314
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "prefers-color-scheme: dark" in text
    rules, drawn = text.split("</style>")
    dark = set(re.findall(r'svg \[fill="([^"]*)"\]', rules))
    assert dark == set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', drawn))
    assert root.find("{http://www.w3.org/2000/svg}rect").get("fill") == "#ffffff"


def test_no_marker_keeps_a_color_that_a_dark_page_cannot_change():
    for definition in re.findall(r"<defs><path[^>]*>", draw()):
        assert not re.search(r'(?:stroke|fill)="#', definition)

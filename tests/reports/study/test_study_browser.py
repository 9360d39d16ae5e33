"""What a reader's browser makes of the page of a study."""

import pytest

from ablations.study.table.dataset import Note
from reports.study.report import write_study_report

pytestmark = pytest.mark.browser

HOSTILE = "</style></svg><img src=http://a.example onerror=alert(1)>{{7*7}}" + "x" * 300


@pytest.fixture(scope="module", params=["classes", "numbers", "factorial"])
def index(request, tmp_path_factory, study, factorial):
    """Return the page of a study of each sort, with a hostile note."""
    task = "regression" if request.param == "numbers" else "classification"
    notes = (Note("hostile", "warning", HOSTILE),)
    result = factorial
    if request.param != "factorial":
        result = study(task=task, notes=notes, name=HOSTILE)
    return write_study_report(result, tmp_path_factory.mktemp("page"), save_model=False)


def test_the_page_opens_in_silence_and_fits_in_both_schemes(open_page, index):
    for width in (1280, 360):
        for color_scheme, paper in (
            ("light", "rgb(255, 255, 255)"),
            ("dark", "rgb(22, 25, 29)"),
        ):
            page, events = open_page(width, color_scheme)
            assert events == [index.as_uri()]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            ink, background = page.evaluate(
                "[getComputedStyle(document.body).color,"
                " getComputedStyle(document.body).backgroundColor]"
            )
            assert background == paper
            drawn = "getComputedStyle(document.querySelector('svg text')).fill"
            assert page.evaluate(drawn) == ink


def test_nothing_is_cut_off_in_a_figure(open_page):
    page, _ = open_page(1280)
    cut = page.evaluate(
        """() => [...document.querySelectorAll('svg text')].filter(text => {
            const inner = text.getBoundingClientRect();
            const outer = text.closest('svg').getBoundingClientRect();
            return inner.right > outer.right + 1 || inner.left < outer.left - 1;
        }).map(text => text.textContent)"""
    )
    assert cut == []


def test_what_to_use_stands_on_the_first_screen(open_page):
    page, _ = open_page(360)
    answer = page.locator(".answer").bounding_box()
    assert answer["y"] + answer["height"] < 1500
    heading = page.locator("#real").bounding_box()
    assert heading["y"] > answer["y"]

"""What a reader's browser makes of the page."""

import contextlib

import pytest

from ablations.verdict import VERDICTS
from reports.render import write_report

pytestmark = pytest.mark.browser

HOSTILE = "</style></svg><img src=http://a.example onerror=alert(1)>{{7*7}}" + "x" * 300


@pytest.fixture
def index(tmp_path, record, condition, evidence):
    """Return the page of a report that has everything, and a hostile claim."""
    records = [
        record(
            id=f"claim_{verdict.replace(' ', '_')}",
            verdict=verdict,
            conditions=[condition("a"), condition("b", outcome="fails")],
        )
        for verdict in VERDICTS
    ]
    records.append(
        record(id=HOSTILE, statement=HOSTILE, conditions=[condition(HOSTILE)])
    )
    return write_report(records, evidence, tmp_path / "out", generated="", machine={})


@pytest.fixture
def open_page(chromium, index):
    """Return a function that opens the page and hands over what happened there."""
    from playwright.sync_api import sync_playwright

    with contextlib.ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        stack.callback(browser.close)

        def open_it(width=1280, color_scheme="light"):
            page = browser.new_page(
                viewport={"width": width, "height": 800}, color_scheme=color_scheme
            )
            events = []
            page.on("console", lambda message: events.append(message.text))
            page.on("pageerror", lambda error: events.append(str(error)))
            page.on("dialog", lambda dialog: events.append(dialog.message))
            page.on("request", lambda request: events.append(request.url))
            page.goto(index.as_uri())
            return page, events

        yield open_it


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_opens_in_silence_and_fits(open_page, index, width, color_scheme):
    page, events = open_page(width, color_scheme)
    assert events == [index.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ink, paper = page.evaluate(
        "[getComputedStyle(document.body).color,"
        " getComputedStyle(document.body).backgroundColor]"
    )
    assert paper == (
        "rgb(22, 25, 29)" if color_scheme == "dark" else "rgb(255, 255, 255)"
    )
    drawn = page.evaluate("getComputedStyle(document.querySelector('svg text')).fill")
    assert drawn == ink


def test_a_hostile_statement_is_shown_letter_by_letter(open_page):
    page, _ = open_page()
    assert page.locator("article h3").last.text_content() == HOSTILE
    texts = page.locator("svg text").all_text_contents()
    assert HOSTILE.startswith(texts[-8]) or any(HOSTILE.startswith(t) for t in texts)


def test_the_keyboard_reaches_the_verdicts_and_opens_the_arms(open_page):
    page, _ = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the verdicts"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == (
        "#claim_supported"
    )
    summary = page.locator("summary").last
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").last.get_attribute("open") is not None


def test_print_shows_what_is_folded_away(open_page):
    page, _ = open_page()
    arms = page.locator("details table").first
    assert not arms.is_visible()
    page.emulate_media(media="print")
    assert arms.bounding_box()["height"] > 10

"""What a reader's browser makes of the page."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from ablations.claims.registry import all_claims
from ablations.evidence.evidence import Evidence
from ablations.judging.standing import standings
from ablations.judging.verdict import VERDICTS
from ablations.store.store import Store
from reports.files import slug
from reports.render import write_report

pytestmark = pytest.mark.browser

HOSTILE = "</style></svg><img src=http://a.example onerror=alert(1)>{{7*7}}" + "x" * 300


@pytest.fixture(scope="module")
def index(tmp_path_factory, standing, outcome):
    """Return the page of a report that has everything, and a hostile claim."""
    both = (outcome("a"), outcome("b", outcome="fails"))
    found = [
        standing(id=f"claim_{word.replace(' ', '_')}", verdict=word, outcomes=both)
        for word in VERDICTS
    ]
    found.append(
        standing(
            id=HOSTILE,
            statement=HOSTILE,
            outcomes=(outcome(HOSTILE),),
            figure="conditions",
        )
    )
    folder = tmp_path_factory.mktemp("report")
    with Store.open(folder / "runs.sqlite") as store:
        evidence = Evidence(store)
        return write_report(found, evidence, folder / "out", generated="", machine={})


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
    assert page.locator("article h3 .statement").last.text_content() == HOSTILE
    page.locator("article > details > summary").last.click()
    texts = page.locator("svg text").all_text_contents()
    assert HOSTILE.startswith(texts[-8]) or any(HOSTILE.startswith(t) for t in texts)


def shown_claims(page):
    """Return the ids of the rows of the table that can be seen, in their order."""
    return page.locator("#claims tbody tr:visible").evaluate_all(
        "rows => rows.map(row => row.dataset.claim)"
    )


def test_a_verdict_a_word_a_document_and_a_chapter_narrow_the_table(open_page):
    page, events = open_page()
    everything = shown_claims(page)
    assert len(everything) == len(VERDICTS) + 1
    page.get_by_role("button", name="refuted").first.click()
    assert shown_claims(page) == ["claim_refuted"]
    assert page.locator("#shown").text_content() == f"1 of {len(everything)} shown"
    assert page.locator("article:visible").count() == 1
    page.get_by_role("button", name="refuted").first.click()
    assert shown_claims(page) == everything
    page.get_by_label("Search").fill("claim inconcl")
    assert shown_claims(page) == ["claim_inconclusive"]
    page.get_by_label("Search").fill("nothing like it")
    assert shown_claims(page) == []
    assert not page.locator("section.chapter").first.is_visible()
    page.get_by_role("button", name="Show all").click()
    assert shown_claims(page) == everything
    page.get_by_label("Document").select_option("The notes")
    page.get_by_label("Chapter").select_option("XOR")
    assert shown_claims(page) == everything
    assert len(events) == 1


def test_the_table_is_sorted_by_the_column_that_is_pressed(open_page):
    page, _ = open_page()
    assert shown_claims(page)[0] == "claim_refuted"
    by_statement = page.get_by_role("button", name="Statement")
    by_statement.click()
    assert shown_claims(page)[0] == slug(HOSTILE)
    assert shown_claims(page)[1] == "claim_supported"
    header = page.locator("#claims th").nth(1)
    assert header.get_attribute("aria-sort") == "ascending"
    by_statement.press("Enter")
    assert header.get_attribute("aria-sort") == "descending"
    assert shown_claims(page)[-1] == slug(HOSTILE)
    assert page.locator("#claims th[aria-sort]").count() == 1


def test_a_link_to_a_claim_opens_it_even_if_it_was_filtered_away(open_page, index):
    page, _ = open_page()
    page.goto(f"{index.as_uri()}#claim_refuted")
    card = page.locator("#claim_refuted > details")
    assert card.get_attribute("open") is not None
    assert page.locator("article > details[open]").count() == 1
    page.get_by_role("button", name="supported").first.click()
    assert not card.is_visible()
    page.evaluate("location.hash = 'claim_conditional'")
    page.locator("#claim_conditional > details[open]").wait_for()
    assert page.locator("#shown").text_content().startswith("All")


def test_the_keyboard_reaches_the_verdicts_and_opens_a_claim(open_page):
    page, _ = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the verdicts"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "supported"
    page.keyboard.press("Space")
    assert shown_claims(page)[0] == "claim_supported"
    summary = page.locator("article > details > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    card = page.locator("article > details").first
    assert card.get_attribute("open") is not None


def test_print_shows_what_is_folded_away(open_page):
    page, _ = open_page()
    conditions = page.locator("article table").first
    assert not conditions.is_visible()
    page.emulate_media(media="print")
    assert conditions.bounding_box()["height"] > 10


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_keeps_anyone_from_reading_it(open_page, width, color_scheme):
    page, _ = open_page(width, color_scheme)
    for open_all in (False, True):
        if open_all:
            page.get_by_role("button", name="Open all claims").click()
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []


def test_the_page_of_all_claims_is_ready_within_a_second_and_stays_put(
    open_page, tmp_path, empty_evidence
):
    found = standings(list(all_claims().values()), [], {})
    index = write_report(
        found, empty_evidence, tmp_path / "all", generated="", machine={}
    )
    page, _ = open_page()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => {for (const entry of"
        " list.getEntries()) window.moved += entry.value}).observe("
        "{type: 'layout-shift', buffered: true})"
    )
    page.goto(index.as_uri())
    page.wait_for_timeout(200)
    # Generous, for loaded machines: the published page, 5 MB with figures and
    # verdicts, took 0.3 to 0.4 s on two cores.
    ready = page.evaluate(
        "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    )
    assert ready < 5000
    assert page.evaluate("window.moved") == 0

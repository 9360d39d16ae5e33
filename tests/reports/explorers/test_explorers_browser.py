"""What a reader's browser makes of every declared explorer."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from reports.explorers import (
    COMPUTED,
    EXPLORERS,
    PATHS,
    make_computed,
    make_explorer,
    make_paths,
)
from reports.page import TEMPLATES, environment

pytestmark = pytest.mark.browser

SMALLEST_TEXT, SMALLEST_TARGET = 12, 24
VISIT = """
() => [...document.querySelectorAll(".explorer")].flatMap((box) => {
  const told = JSON.parse(box.querySelector("script").textContent).states;
  return Object.entries(told).filter(([at, [sentence]]) => {
    box.dispatchEvent(new CustomEvent("address", { detail: at }));
    const here = [...box.querySelectorAll("[data-at].here")].map((e) => e.dataset.at);
    const away = box.querySelectorAll("g.here.away").length;
    const says = box.querySelector("[role=status]").textContent;
    return says !== sentence || away || !here.length || here.some((e) => e !== at);
  }).map(([at]) => `${box.id}/${at}`);
})
"""
SMALL = """
([text, target]) => {
  const size = (e) => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a;
  const box = (e) => e.getBoundingClientRect();
  const shown = (e) => box(e).width > 0;
  const texts = [...document.querySelectorAll("svg text")].filter(shown);
  const touched = "label, summary, .starts a, g.mark:not(.away) .hit, .cell";
  return [
    ...texts.filter((e) => size(e) < text),
    ...[...document.querySelectorAll(touched)].filter(shown).filter(
      (e) => Math.min(box(e).width, box(e).height) < target),
  ].map((e) => e.outerHTML.slice(0, 120));
}
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory, fill):
    """Return a page of all explorers, filled with made-up states."""
    made = [
        make_explorer(config, fill(config), "a rule")
        for chapter in EXPLORERS.values()
        for config in chapter
    ]
    made += [make_computed(c, "a rule") for each in COMPUTED.values() for c in each]
    made += [make_paths(c, "a rule") for each in PATHS.values() for c in each]
    names = ("report.css", "explorer.css", "explorer.js")
    css, more, script = (TEMPLATES.joinpath(n).read_text("utf-8") for n in names)
    text = (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>All</title>"
        "<meta name='viewport' content='width=device-width'><link rel='icon'"
        f" href='data:,'><style>{css}{more}</style></head><body><main><h1>All</h1>"
        "<h2>Explorers</h2>"
        '{% from "explorer.html.j2" import explorer %}'
        "{% for each in made %}{{ explorer(each) }}{% endfor %}"
        f"</main><script>{{% raw %}}{script}{{% endraw %}}</script></body></html>"
    )
    path = tmp_path_factory.mktemp("explorers") / "index.html"
    path.write_text(environment().from_string(text).render(made=made), "utf-8")
    return path


def test_every_state_is_reached_by_its_address_and_told(open_page, index):
    page, events = open_page()
    assert page.evaluate(VISIT) == []
    assert events == [index.as_uri()]
    page.evaluate(
        "document.querySelector('#penalty').dispatchEvent("
        "new CustomEvent('address', {detail: 'nothing/like/it'}))"
    )
    assert page.locator("#penalty tr.here").count() == 1


def test_the_keyboard_changes_every_kind_of_control_and_the_address(open_page):
    page, _ = open_page()
    switch = page.locator("#deep_net").get_by_role("checkbox").first
    before = page.locator("#deep_net [role=status]").text_content()
    switch.focus()
    page.keyboard.press("Space")
    assert page.locator("#deep_net [role=status]").text_content() != before
    assert page.evaluate("location.hash").startswith("#deep_net/no-relu/")
    page.locator("#signal").get_by_role("radio", name="sigmoid").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("location.hash").startswith("#signal/relu/")
    slider = page.locator("#penalty input")
    slider.focus()
    page.keyboard.press("Home")
    assert page.evaluate("location.hash") == "#penalty/none"
    assert slider.get_attribute("aria-valuetext") == "none"
    page.locator("#penalty g[data-at='0.01'] .hit").click()
    assert slider.input_value() == "5"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_it_fits_and_nothing_keeps_anyone_from_reading_it(open_page, width, scheme):
    page, _ = open_page(width, scheme)
    assert page.evaluate(SMALL, [SMALLEST_TEXT, SMALLEST_TARGET]) == []
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []

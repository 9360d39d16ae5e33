import base64
import hashlib
import html
import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from ablations.claims.registry import all_claims
from ablations.evidence.evidence import Evidence
from ablations.judging.verdict import VERDICTS, current_verdicts, give_verdict
from ablations.rigs.xor import PRINTED
from ablations.store.store import Store
from reports.files import slug
from reports.render import (
    answer,
    chapter_words,
    documents_of,
    introduction,
    write_report,
)

GENERATED = "2025-01-02 03:04 UTC"
MACHINE = {"processor": "Test", "cores": 2, "keras": "3.0", "device": "cpu"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></svg><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{7*7}} {% raw %} ${7*7}",
    "a|b `x` [x](javascript:1)",
    "![x](http://a.example/x.png)",
    "&lt;b&gt; &amp;amp;",
    "$\\frac{a}$ $x",
    "__proto__",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}",
]


class Page(HTMLParser):
    """Collect the tags, attributes and visible words of a page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags = []
        self.attributes = []
        self.texts = []
        self.open = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["script"]):
            self.texts.append(data)


def parse(path):
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def write(records, evidence, out):
    return write_report(records, evidence, out, generated=GENERATED, machine=MACHINE)


def hostile_record(record, condition, text):
    return record(
        id=text,
        chapter=text,
        rows=[text],
        statement=text,
        source=text,
        reference=text,
        finding=text,
        reason=f"because {text}",
        mechanism=text,
        rule=f"{text}\nrest",
        caveats=text,
        command=text,
        preset=text,
        conditions=[condition(text, unit=text, reason=text)],
        arms=[
            {
                "name": text,
                "summary": text,
                "runs": 1,
                "ok": 1,
                "diverged": 0,
                "failed": 0,
                "machines": [{text: text}],
            }
        ],
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_text_holds_it_stays_text(
    tmp_path, record, condition, empty_evidence, text
):
    index = write(
        [hostile_record(record, condition, text)], empty_evidence, tmp_path / "out"
    )
    page = parse(index)
    assert not {"img", "iframe", "object"} & set(page.tags)
    assert page.tags.count("b") == len(VERDICTS)
    assert page.tags.count("style") == page.tags.count("script") == 1
    assert not [a for a in page.attributes if a[1].startswith("on")]
    # Statement in the index and as heading, source, finding, mechanism, label ...
    assert "".join(page.texts).count(text) >= 12


def test_every_text_in_the_markdown_is_shown_as_it_is(
    tmp_path, record, condition, empty_evidence
):
    records = [hostile_record(record, condition, text) for text in HOSTILE]
    write(records, empty_evidence, tmp_path / "out")
    pages = sorted((tmp_path / "out").glob("*.md"))
    assert len(pages) == 1 + len({slug(text) for text in HOSTILE})
    page = Page()
    for path in pages:
        source = path.read_text(encoding="utf-8")
        as_html = MarkdownIt("commonmark", {"html": True}).enable("table")
        page.feed(as_html.render(source))
    assert not {"script", "b"} & set(page.tags)
    pictures = {a[2] for a in page.attributes if a[:2] == ("img", "src")}
    assert all(re.fullmatch(r"figures/[\w-]+\.svg", path) for path in pictures)
    links = {a[2] for a in page.attributes if a[:2] == ("a", "href")}
    names = {path.name for path in pages}
    numbers = {link for link in links if link.endswith(".csv")}
    assert all((tmp_path / "out" / link).is_file() for link in numbers)
    assert all(link.partition("#")[0] in names for link in links - numbers)
    shown = "".join(page.texts)
    for text in HOSTILE:
        assert shown.count(text) >= 10


def test_texts_that_cannot_be_shown_are_written_all_the_same(
    tmp_path, record, condition, empty_evidence
):
    hostile = hostile_record(record, condition, "\ud800 a\0b \x1b]52;c;x\x07 \u202e z")
    index = write([hostile], empty_evidence, tmp_path / "out")
    for path in (index, tmp_path / "out/report.md"):
        assert not re.search("[\0\x1b\u202e\ud800]", path.read_text(encoding="utf-8"))


def test_no_file_is_written_outside_the_folder(
    tmp_path, record, condition, empty_evidence
):
    names = ["../../escape", "/escape", "C:\\escape", "a\0b", "x" * 300, "", "CON"]
    records = [hostile_record(record, condition, name) for name in names]
    write(records, empty_evidence, tmp_path / "deep/out")
    assert {p.name for p in tmp_path.iterdir()} == {"deep", "empty.sqlite"} | {
        p.name for p in tmp_path.glob("empty.sqlite*")
    }
    tables = list((tmp_path / "deep/out/tables").iterdir())
    assert len(tables) == 2 * len(names)


def test_the_page_refers_to_nothing_outside_itself(tmp_path, record, evidence):
    index = write([record()], evidence, tmp_path)
    page = parse(index)
    policy = dict(a[1:] for a in page.attributes if a[0] == "meta")
    assert policy["content"]
    for _, name, value in page.attributes:
        assert name not in ("src", "srcset", "action", "style", "data")
        if name in ("href", "xlink:href") and value not in ("#", "data:,"):
            assert value.startswith("#") or (index.parent / value).is_file()
    text = index.read_text(encoding="utf-8")
    assert not re.search(r"https?://|url\((?!#)|@import|fetch\(|eval\(", text)


def test_the_policy_allows_the_style_and_the_script_of_the_page_and_no_other(
    tmp_path, record, empty_evidence
):
    text = write([record()], empty_evidence, tmp_path).read_text(encoding="utf-8")
    policy = html.unescape(re.search(r'content="(default-src[^"]*)"', text)[1])
    for tag in ("style", "script"):
        (carried,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(carried.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_every_link_on_the_page_leads_somewhere(tmp_path, record, evidence):
    page = parse(write([record(), record(id="Other")], evidence, tmp_path))
    names = [a[2] for a in page.attributes if a[1] == "id"]
    assert len(names) == len(set(names))
    links = {a[2] for a in page.attributes if a[1].endswith("href")} - {"data:,"}
    inside = {link[1:] for link in links if link.startswith("#")}
    assert inside <= set(names)
    beside = {link for link in links if not link.startswith("#")}
    assert beside
    assert all((tmp_path / link).is_file() for link in beside)
    labels = {a[2] for a in page.attributes if a[1] == "aria-labelledby"}
    assert labels <= set(names)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_is_shown_in_words(tmp_path, record, empty_evidence, verdict):
    index = write([record(verdict=verdict)], empty_evidence, tmp_path)
    shown = index.read_text(encoding="utf-8")
    assert f'</span> {verdict}</span> <span class="statement">A st' in shown
    assert f"**{verdict.capitalize()}.**" in (tmp_path / "xor.md").read_text(
        encoding="utf-8"
    )


def test_page_and_markdown_say_the_same(tmp_path, record, condition, empty_evidence):
    (arm,) = record()["arms"]
    tuned = {**arm, "diverged": 7, "learning_rate": 0.1, "tried": {"0.1": 0.5}}
    full = record(
        controls=[condition("a control", text="control")],
        shown=[condition("a share")],
        reason="A control does not hold.",
        mixture="The runs come from unlike machines.",
        arms=[tuned],
    )
    index = write([full], empty_evidence, tmp_path)
    page = " ".join("".join(parse(index).texts).split())
    text = "".join(
        html.unescape((tmp_path / name).read_text(encoding="utf-8"))
        for name in ("report.md", "xor.md")
    )
    for words in (
        GENERATED,
        "Test, 2 cores, on cpu",
        "keras 3.0",
        "up to 48 per arm",
        "A statement.",
        "The notes",
        "T-1",
        "A condition: 60.0 % of 100 runs.",
        "A control does not hold.",
        "60.0 %",
        "50.0 to 70.0 %",
        "≥ 40.0 %",
        "a control",
        "not judged",
        "It happens because it does.",
        "a condition: holds if it does.",
        "7 diverged",
        "The runs come from unlike machines.",
        "0.1: 0.5 (chosen)",
        "Only here.",
        "Somebody (1999)",
        "ablations run a_claim --preset quick",
        "Estimates with 95 % intervals.",
    ):
        assert words in page
        assert words in text


def test_the_same_records_give_the_same_files(tmp_path, record, evidence):
    for name in ("one", "two"):
        write([record(figure="curves"), record(id="b")], evidence, tmp_path / name)
    one, two = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*.*")
        }
        for name in ("one", "two")
    )
    assert one == two
    # The page, two of Markdown, two tables, and two figures with their numbers.
    assert len(one) == 1 + 2 + 2 + 4


def test_runs_of_other_machines_are_named(tmp_path, record, empty_evidence):
    (arm,) = record()["arms"]
    arm = {**arm, "machines": [MACHINE, {**MACHINE, "keras": "3.9"}]}
    index = write([record(arms=[arm])], empty_evidence, tmp_path)
    assert "Other runs from" in index.read_text(encoding="utf-8")
    assert "<dd>keras 3.9</dd>" in index.read_text(encoding="utf-8")


def test_the_seeds_are_numbered_from_the_first_that_the_store_judges(tmp_path, record):
    for first in (0, 100_000):
        with Store.open(tmp_path / f"{first}.sqlite") as store:
            store.begin_at(first)
            index = write([record()], Evidence(store), tmp_path / f"from_{first}")
        assert f"numbered from {first:,};" in index.read_text(encoding="utf-8")


def test_the_report_of_every_claim_that_was_not_run_is_whole(tmp_path, empty_evidence):
    claims = list(all_claims().values())
    index = write(current_verdicts(claims, []), empty_evidence, tmp_path)
    page = parse(index)
    assert page.tags.count("article") == len(claims)
    assert index.stat().st_size < 1_000_000


def test_a_judged_claim_is_shown_with_its_figures(tmp_path, evidence):
    claim = next(
        c
        for c in all_claims().values()
        if c.claim.arms and {a.config for a in c.claim.arms.values()} == {PRINTED}
    )
    given = give_verdict(claim, evidence, "quick", num_seeds=48)
    index = write([{**given, "figure": "boundaries"}], evidence, tmp_path)
    figures = {path.name for path in (tmp_path / "figures").glob("*.svg")}
    assert figures == {f"{claim.id}-boundaries.svg", f"{claim.id}-conditions.svg"}
    page = parse(index)
    # One more shows the verdicts of the chapter.
    assert page.tags.count("svg") == len(figures) + 1
    assert all(a[2] for a in page.attributes if a[1] == "aria-label")


def test_a_report_without_records_is_a_report(tmp_path, empty_evidence):
    index = write([], empty_evidence, tmp_path)
    assert "Verdicts on 0 claims" in index.read_text(encoding="utf-8")


def test_the_answer_counts_what_was_tested(record):
    verdicts = ["supported"] * 3 + ["refuted", "conditional", "not tested"]
    records = [record(verdict=verdict) for verdict in verdicts]
    assert answer(records) == (
        "Of 5 statements that were tested, 3 hold as they stand, 1 only under"
        " conditions, 1 not at all; 0 are open."
    )
    assert answer(records[-1:]) == "Nothing was tested yet."


def test_refuted_statements_stand_first_and_apart(tmp_path, record, empty_evidence):
    verdicts = ("supported", "conditional", "refuted", "inconclusive", "not tested")
    records = [
        record(id=f"c{i}", verdict=verdict) for i, verdict in enumerate(verdicts)
    ]
    index = write(records, empty_evidence, tmp_path)
    text = index.read_text(encoding="utf-8")
    order = re.findall(r'<tr data-claim="c(\d)"', text)
    assert order == ["2", "1", "3", "0", "4"]
    apart = text[text.index("Against the notes") : text.index("All claims")]
    assert re.findall(r'href="#c(\d)"', apart) == ["2"]


def test_a_source_may_name_two_documents():
    assert documents_of("Notes, chapter 1; Basics, opening") == ("Notes", "Basics")
    assert documents_of("Notes, chapter 1; Notes, 2") == ("Notes",)


def test_an_introduction_links_the_claims_that_it_names():
    claim = object()
    text = "It holds\nhere (`a_claim`, `gone`).\n\nAgain."
    first, second = introduction(text, {"a_claim": claim})
    assert first == [
        ("It holds here (", None),
        ("a claim", claim),
        (", ", None),
        ("gone", None),
        (").", None),
    ]
    assert second == [("Again.", None)]


@pytest.mark.parametrize("name", sorted({c.chapter for c in all_claims().values()}))
def test_every_chapter_opens_with_words_that_name_claims_there_are(name):
    words = chapter_words(name)
    named = set(re.findall(r"`([a-z0-9_]+)`", words))
    assert len(words.split()) > 80
    assert named
    assert named <= set(all_claims())

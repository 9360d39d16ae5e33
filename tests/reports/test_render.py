import base64
import hashlib
import html
import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from ablations.claims.registry import all_claims
from ablations.evidence.evidence import Evidence
from ablations.judging.judgement import give_verdict
from ablations.judging.standing import Standing, standings
from ablations.judging.verdict import VERDICTS
from ablations.protocol.claim import RegisteredClaim
from ablations.store.store import Store
from reports.cards import WORDS
from reports.chapters import MOST_ASKED
from reports.files import slug
from reports.render import write_report

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


def write(standings, evidence, out):
    return write_report(standings, evidence, out, generated=GENERATED, machine=MACHINE)


def test_page_and_markdown_show_what_others_found_beside_our_number(
    empty_evidence, tmp_path
):
    claim = all_claims()["early_stopping_acts_as_a_regularizer"]
    page = write(standings([claim], []), empty_evidence, tmp_path)
    for text in (
        html.unescape(page.read_text(encoding="utf-8")),
        (tmp_path / "regularization.md").read_text(encoding="utf-8"),
    ):
        told = text[text.index("Ali, Kolter and Tibshirani (2019)") :]
        assert told.index("at most 1.69 times") < told.index("has 0.95 times the error")
        assert "checked: abstract" in told
        assert "agrees" in text


@pytest.fixture
def hostile(standing, outcome):
    """Return a function from a text to a claim whose every text it is."""

    def make(text):
        ran = {"name": text, "summary": text, "machines": [{text: text}]}
        ran |= {"runs": 1, "ok": 1, "diverged": 0, "failed": 0}
        return standing(
            id=text,
            chapter=text,
            rows=(text,),
            statement=text,
            source=text,
            reference=text,
            answer=text,
            how=text,
            finding=f"found {text}",
            reason=f"because {text}",
            boundary=f"holds for {text}",
            mechanism=text,
            rule=f"{text}\nrest",
            caveats=text,
            command=text,
            preset=text,
            outcomes=(outcome(text, unit=text, reason=text),),
            arms=(ran,),
        )

    return make


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_text_holds_it_stays_text(tmp_path, hostile, empty_evidence, text):
    index = write([hostile(text)], empty_evidence, tmp_path / "out")
    page = parse(index)
    harmless = parse(write([hostile("harmless")], empty_evidence, tmp_path / "plain"))
    # A command of the suite is code, if its preset is a word.
    tags, others = ([t for t in each.tags if t != "code"] for each in (page, harmless))
    assert tags == others
    assert not [a for a in page.attributes if a[1].startswith("on")]
    # Statement and answer, source, reason, mechanism, label, rule, command ...
    assert "".join(page.texts).count(text) >= 12


def test_every_text_in_the_markdown_is_shown_as_it_is(
    tmp_path, hostile, empty_evidence
):
    write(list(map(hostile, HOSTILE)), empty_evidence, tmp_path / "out")
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
    tmp_path, hostile, empty_evidence
):
    unprintable = hostile("\ud800 a\0b \x1b]52;c;x\x07 \u202e z")
    index = write([unprintable], empty_evidence, tmp_path / "out")
    for path in (index, tmp_path / "out/report.md"):
        assert not re.search("[\0\x1b\u202e\ud800]", path.read_text(encoding="utf-8"))


def test_no_file_is_written_outside_the_folder(tmp_path, hostile, empty_evidence):
    names = ["../../escape", "/escape", "C:\\escape", "a\0b", "x" * 300, "", "CON"]
    write(list(map(hostile, names)), empty_evidence, tmp_path / "deep/out")
    assert {p.name for p in tmp_path.iterdir()} == {"deep", "empty.sqlite"} | {
        p.name for p in tmp_path.glob("empty.sqlite*")
    }
    tables = list((tmp_path / "deep/out/tables").iterdir())
    assert len(tables) == 2 * len(names)


def test_the_page_refers_to_nothing_outside_itself(tmp_path, standing, evidence):
    index = write([standing(figure="curves")], evidence, tmp_path)
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
    tmp_path, standing, empty_evidence
):
    text = write([standing()], empty_evidence, tmp_path).read_text(encoding="utf-8")
    policy = html.unescape(re.search(r'content="(default-src[^"]*)"', text)[1])
    for tag in ("style", "script"):
        # The index is data: it has a type, and no browser runs it.
        (carried,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(carried.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_every_link_on_the_page_leads_somewhere(tmp_path, standing, evidence):
    standings = [standing(figure="curves"), standing(id="Other")]
    page = parse(write(standings, evidence, tmp_path))
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


@pytest.mark.parametrize("word", [*VERDICTS, "incomplete"])
def test_every_verdict_is_shown_in_words(tmp_path, standing, empty_evidence, word):
    index = write([standing(verdict=word)], empty_evidence, tmp_path)
    shown = index.read_text(encoding="utf-8")
    assert f"</span> {WORDS[word]}</span>" in shown
    assert f"**{word.capitalize()}.**" in (tmp_path / "xor.md").read_text(
        encoding="utf-8"
    )


def test_page_and_markdown_say_the_same(
    tmp_path, standing, verdict, outcome, empty_evidence
):
    (arm,) = verdict().arms
    tuned = {**arm, "diverged": 7, "learning_rate": 0.1, "tried": {"0.1": 0.5}}
    full = verdict(
        outcomes=(
            outcome(),
            outcome("explains", role="beside"),
            outcome("a control", role="control"),
            outcome("a share", role="shown"),
        ),
        implied=True,
        reason="A control does not hold.",
        mixture="The runs come from unlike machines.",
        arms=(tuned,),
    )
    quick = standing(full, preset="quick", arms=full.arms)
    index = write([quick], empty_evidence, tmp_path)
    page = " ".join("".join(parse(index).texts).split())
    text = "".join(
        html.unescape((tmp_path / name).read_text(encoding="utf-8"))
        for name in ("report.md", "xor.md")
    )
    for words in (
        GENERATED,
        "Test, 2 cores, on cpu",
        "keras 3.0",
        "up to 48 for each network",
        "A statement.",
        "The notes",
        "T-1",
        "Yes, it does.",
        "We trained 100 of them.",
        "It holds",
        "Published, preset standard: 2 of 2 conditions and controls",
        "Re-run here: 1 of 3 conditions, the same, preset quick.",
        "The statement says what is usual",
        "The project added this statement",
        "What explains or bounds it, and changes no verdict",
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
        "ablations run a_claim --preset standard",
    ):
        assert words in page
        assert words in text


def test_the_same_verdicts_give_the_same_files(tmp_path, standing, evidence):
    for name in ("one", "two"):
        both = [standing(figure="curves"), standing(id="b", figure="stuck")]
        write(both, evidence, tmp_path / name)
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


def test_runs_of_other_machines_are_named(tmp_path, standing, verdict, empty_evidence):
    (arm,) = verdict().arms
    arm = {**arm, "machines": [MACHINE, {**MACHINE, "keras": "3.9"}]}
    index = write([standing(arms=(arm,))], empty_evidence, tmp_path)
    assert "Other runs from" in index.read_text(encoding="utf-8")
    assert "<dd>keras 3.9</dd>" in index.read_text(encoding="utf-8")


def test_the_seeds_are_numbered_from_the_first_that_the_store_judges(
    tmp_path, standing
):
    for first in (0, 100_000):
        with Store.open(tmp_path / f"{first}.sqlite") as store:
            store.begin_at(first)
            index = write([standing()], Evidence(store), tmp_path / f"from_{first}")
        assert f"numbered from {first:,};" in index.read_text(encoding="utf-8")


def test_the_report_of_every_claim_that_was_not_run_is_whole(tmp_path, empty_evidence):
    claims = list(all_claims().values())
    index = write(standings(claims, [], {}), empty_evidence, tmp_path)
    page = parse(index)
    assert page.tags.count("article") == len(claims)
    assert index.stat().st_size < 8_500 * len(claims)


def test_a_judged_claim_is_shown_with_its_figures(tmp_path, source, evidence):
    claim = source.claim.replace(figure="boundaries")
    registered = RegisteredClaim("a_claim", "xor", "Why.", claim)
    given = give_verdict(registered, evidence, "standard", num_seeds=48)
    index = write([Standing(registered, None, given)], evidence, tmp_path)
    figures = {path.name for path in (tmp_path / "figures").glob("*.svg")}
    assert figures == {"a_claim-boundaries.svg"}
    page = parse(index)
    # One more shows the verdicts of the chapter.
    assert page.tags.count("svg") == len(figures) + 1
    assert all(a[2] for a in page.attributes if a[1] == "aria-label")


def test_the_answer_is_the_first_that_is_read_in_a_card(
    tmp_path, standing, outcome, empty_evidence
):
    shown = standing(outcomes=(outcome(), outcome("b", role="beside")))
    page = parse(write([shown], empty_evidence, tmp_path))
    text = " ".join("".join(page.texts).split())
    card = text[text.index("A statement. Yes, it does. How we know.") :]
    order = ("We trained", "It holds", "a condition", "All numbers", "60.0 %")
    places = [card.index(words) for words in order]
    assert places == sorted(places)
    assert card.index("What explains or bounds it") > card.index("All numbers")


def test_a_report_without_claims_is_a_report(tmp_path, empty_evidence):
    index = write([], empty_evidence, tmp_path)
    assert "Verdicts on 0 statements" in index.read_text(encoding="utf-8")


def test_statements_stand_by_verdict_as_tiles_and_by_question_as_cards(
    tmp_path, standing, empty_evidence
):
    words = ("refuted", "not tested", "inconclusive", "conditional", "supported")
    found = [standing(id=f"c{i}", verdict=word) for i, word in enumerate(words)]
    found.append(standing(id="c5", verdict="refuted", implied=True))
    index = write(found, empty_evidence, tmp_path)
    text = index.read_text(encoding="utf-8")
    tiles = re.findall(r'<a class="tile [\w-]+" href="#c(\d)"', text)
    assert tiles == ["4", "3", "0", "5", "2", "1"]
    assert re.findall(r'<article id="c(\d)"', text) == ["0", "1", "2", "3", "4", "5"]
    assert "All statements" in text
    apart = (tmp_path / "report.md").read_text(encoding="utf-8")
    apart = apart[apart.index("Against the notes") : apart.index("### [XOR]")]
    assert re.findall(r"#c(\d)\)", apart) == ["0"]
    # The bar of the chapter shows those five.
    assert text.count(" 5 statements and 1 of our own<") == 1
    assert text.count(">5 and 1 of our own<") == 1
    assert ">Verdicts on 5 statements<" in text


def test_no_line_of_an_answer_ends_before_a_percent_sign(
    tmp_path, standing, empty_evidence
):
    shown = standing(answer="In 42 % of 100 runs.")
    text = write([shown], empty_evidence, tmp_path).read_text(encoding="utf-8")
    assert "In 42\N{NO-BREAK SPACE}% of 100 runs." in text


def test_the_page_of_all_statements_has_six_surprises_and_a_quiz_of_ten(whole):
    index, verdicts = whole
    text = index.read_text(encoding="utf-8")
    assert "Six answers you may not expect" in text
    assert text.count("<li data-verdict=") == MOST_ASKED
    assert "since the last publication: 1 verdict<" in text
    assert "was holds, now " in text
    shown = " ".join("".join(parse(index).texts).split())
    assert f"{GENERATED}, code 0123abc." in shown
    assert text.count("<article") == len(verdicts)


def test_an_unfolded_card_has_no_insider_word_and_no_id_or_digest_alone(whole):
    index, verdicts = whole
    text = index.read_text(encoding="utf-8")
    text = re.sub(r'<details class="fold">.*?</details>', "", text, flags=re.DOTALL)
    cards = re.findall(r"<article.*?</article>", text, flags=re.DOTALL)
    assert len(cards) == len(verdicts)
    for card in cards:
        card = re.sub(r"<figure>.*?</figure>|<[^>]+>", " ", card, flags=re.DOTALL)
        insider = r"gmm10|\barms?\b|log10|\binit\b|\b\d+(-\d+){2,}\b"
        assert re.search(insider, card) is None, card
        digests = re.findall(r"\b(?=\w*\d)[0-9a-f]{8,}\b", card)
        assert len(digests) == card.count("its fingerprint is")
        assert not any(verdict.id in card for verdict in verdicts)

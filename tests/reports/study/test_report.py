import csv
import dataclasses
import io
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from markdown_it import MarkdownIt

from ablations.study.settings.recipe import Recipe
from ablations.study.table.dataset import Note
from models.config import ConfigError
from reports.study.report import FILES, write_study_report
from reports.study.tables import to_csv

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></svg><script>alert(1)</script>",
    "{{7*7}} {% raw %} ${7*7}",
    "a|b `x` [x](javascript:1)",
    "![x](http://a.example/x.png)",
    "&lt;b&gt; &amp;amp;",
    "$\\frac{a}$ $x",
    '=HYPERLINK("http://a.example")',
    "__proto__",
]


class Page(HTMLParser):
    """Collect the tags, attributes and visible words of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.texts, self.open = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self.open[-1:]:
            self.texts.append(data)

    @property
    def words(self):
        return " ".join(" ".join(self.texts).split())


def write(result, out):
    return write_study_report(result, out, save_model=False)


@pytest.fixture(scope="module")
def written(study, tmp_path_factory):
    """Return the page of a study in its folder, which no test changes."""
    return write(study(), tmp_path_factory.mktemp("written"))


def renamed(result, text):
    """Return a study in which everything that has a name is called so."""
    names = {
        "plain": text,
        **{n: f"{n} {text}" for n in result.recipes if n != "plain"},
    }

    def rename(frame):
        return frame.replace(names)

    chosen = result.recommendation
    dataset = dataclasses.replace(
        result.dataset,
        name=text,
        target_name=text,
        classes=("a", text) if result.dataset.classes else (),
        notes=(Note("data", "info", text),),
    )
    return dataclasses.replace(
        result,
        name=text,
        dataset=dataset,
        recipes={names[name]: recipe for name, recipe in result.recipes.items()},
        arms=rename(result.arms),
        runs=rename(result.runs),
        curves=rename(result.curves).replace({"loss": text}),
        effects=rename(result.effects).assign(comparison=text, text=text),
        design=dataclasses.replace(
            result.design, factors={text: (text, 0.2)}, aliases=(text,)
        ),
        recommendation=dataclasses.replace(
            chosen,
            name=names[chosen.name],
            best=names[chosen.best],
            sentence=text,
            reasons=(text,),
        ),
        notes=(Note("run", "warning", text),),
        versions={text: text},
        command=text,
    )


def test_files_of_an_earlier_study_do_not_stay(study, tmp_path):
    stale = ("recommended.py", "recommended.keras", "interactions.csv")
    for name in stale:
        (tmp_path / name).write_text("of another study")
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "interactions.svg").write_text("of another study")
    (tmp_path / "mine.txt").write_text("mine")
    write(study(kind="nothing"), tmp_path)
    assert not [name for name in stale if (tmp_path / name).exists()]
    assert not (tmp_path / "figures" / "interactions.svg").exists()
    assert (tmp_path / "mine.txt").exists()


@pytest.mark.parametrize("kind", ["net", "baseline", "nothing"])
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_every_outcome_has_a_report(study, tmp_path, kind, task):
    index = write(study(kind=kind, task=task), tmp_path)
    page = Page(index.read_text(encoding="utf-8"))
    assert study(kind=kind).recommendation.sentence in page.words
    assert (tmp_path / "recommended.py").exists() == (kind != "nothing")
    assert not (tmp_path / "recommended.keras").exists()


def test_the_first_screen_says_what_to_use_what_is_real_and_what_would_tell(written):
    words = Page(written.read_text(encoding="utf-8")).words
    in_order = (
        "What to use on rows",
        "Use a neural network with two hidden layers of 8 units: it gets about 83.",
        "What helps, of all that you varied: dropout=0.2 (better by 3 points).",
        "A random forest comes to 81.",
        "always giving the same answer comes to 49.",
        "it is called “dropout=0.2”: relu after he_normal, with dropout 0.2",
        "the mean over 10 splits",
        "Read this first The best rate is at the edge",
        "Real differences: 2",
        "better by 3 points dropout=0.2",
        "worse by 5 points depth=4",
        "Within noise: 1 width=16: about 40 more runs per net would tell.",
        "Too small to matter: 0",
        "Why this and not another",
    )
    places = [words.find(part) for part in in_order]
    assert min(places) >= 0, in_order[places.index(min(places))]
    assert sorted(places) == places
    assert "about 5,000 rows of data would tell, more runs would not" in words


EXPONENT = re.compile(r"\d[eE][+-]?\d")
MANY_DIGITS = re.compile(r"[1-9]\d*\.\d{3}|\d{4}\.\d|0\.0*[1-9]\d{3}")


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_numbers_are_those_that_people_read(study, tmp_path, task):
    result = study(task=task)
    tiny = result.effects.assign(low=-4e-7, high=4.123456e-7, p_adjusted=4e-7)
    tiny["difference"] = [1234.5678, -4e-7, 4e-7, 0.0]
    recipes = {n: r.replace(l2=1e-5) for n, r in result.recipes.items()}
    changed = dataclasses.replace(result, effects=tiny, recipes=recipes)
    write(changed, tmp_path)
    for name in ("index.html", "report.md"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        shown = Page(text).words if name == "index.html" else text
        shown = shown.replace(result.dataset.digest[:16], "")
        for cell in (cell for fact in result.dataset.facts for cell in fact.examples):
            shown = shown.replace(cell, "")  # as the file has it
        assert not EXPONENT.search(shown), EXPONENT.search(shown)
        assert not MANY_DIGITS.search(shown), MANY_DIGITS.search(shown)
        assert "below 0.001" in shown
        assert "0.00001" in shown
    assert ("120,000 points" if task == "classification" else "1,200") in shown


def test_page_and_markdown_say_the_same(study, factorial, written, tmp_path):
    for result, index in ((study(), written), (factorial, write(factorial, tmp_path))):
        words = Page(index.read_text(encoding="utf-8")).words
        source = index.with_name("report.md").read_text(encoding="utf-8")
        rendered = MarkdownIt("commonmark", {"html": True}).enable("table")
        told = Page(rendered.render(source)).words
        for part in (
            result.recommendation.sentence,
            result.notes[0].text,
            *result.effects["comparison"],
            *result.recipes,
            "random forest",
            "corrected resampled t-test of Nadeau and Bengio",
            "2 cross-validations of 5 folds",
            "2 trainings in each of the 10 splits",
            "3 learning rates per net and split",
            "keras 3.0",
            result.command,
        ):
            assert part in words, part
            assert part in told, part


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_name_holds_it_stays_text(study, tmp_path, text):
    index = write(renamed(study(), text), tmp_path)
    page = Page(index.read_text(encoding="utf-8"))
    assert not {"script", "img", "iframe", "object", "b", "a-x"} & set(page.tags)
    assert page.tags.count("style") == 1
    assert not [a for a in page.attributes if a[1].startswith("on")]
    assert "".join(page.texts).count(text) >= 15
    source = (tmp_path / "report.md").read_text(encoding="utf-8")
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(source)
    told = Page(rendered)
    assert not {"script", "b", "iframe"} & set(told.tags)
    pictures = {a[2] for a in told.attributes if a[:2] == ("img", "src")}
    assert all(re.fullmatch(r"figures/[\w-]+\.svg", path) for path in pictures)
    links = {a[2] for a in told.attributes if a[:2] == ("a", "href")}
    assert links <= set(FILES)
    assert "".join(told.texts).count(" ".join(text.split())) >= 10


def test_texts_that_cannot_be_shown_are_written_all_the_same(study, tmp_path):
    text = "\ud800 a\0b \x1b]52;c;x\x07 \u202e z\nline"
    # The strings of Arrow, which pandas takes if it can, do not even hold this one.
    with pd.option_context("mode.string_storage", "python"):
        write(renamed(study(), text), tmp_path)
    for path in tmp_path.rglob("*.*"):
        if path.suffix in (".html", ".md", ".csv", ".svg", ".py"):
            content = path.read_text(encoding="utf-8")
            assert not re.search("[\0\x1b\u202e\ud800]", content), path


def test_the_page_asks_for_nothing_and_its_links_lead_to_its_own_files(written):
    text, folder = written.read_text(encoding="utf-8"), written.parent
    page = Page(text)
    policy = next(a[2] for a in page.attributes if a[1] == "content" and "src" in a[2])
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    for tag, name, value in page.attributes:
        assert name not in ("src", "srcset", "action", "style", "data")
        if name in ("href", "xlink:href") and tag != "link":
            assert value.startswith("#") or (folder / value).is_file()
    assert not re.search(r"https?://|url\((?!#)|@import|<script", text)
    names = [a[2] for a in page.attributes if a[1] == "id"]
    assert len(names) == len(set(names))
    assert all(a[2] for a in page.attributes if a[1] == "aria-label")
    labelled = {a[2] for a in page.attributes if a[1] == "aria-labelledby"}
    assert labelled <= set(names)


def test_the_same_study_gives_the_same_files(study, written, tmp_path):
    write(study(), tmp_path)
    one, two = (
        {p.name: p.read_bytes() for p in folder.rglob("*.*")}
        for folder in (written.parent, tmp_path)
    )
    assert one == two


def test_tables_can_be_read_back(study, written):
    result = study()
    for name in ("runs", "effects", "curves", "arms", "baselines", "trials"):
        frame = getattr(result, name)
        read = pd.read_csv(written.with_name(f"{name}.csv"))
        assert list(read.columns) == list(frame.columns)
        assert len(read) == len(frame)
        for column in frame.select_dtypes("number"):
            assert read[column].to_numpy() == pytest.approx(
                frame[column].to_numpy(np.float64), nan_ok=True
            )


def test_the_report_says_how_every_column_was_read(study, written):
    columns = pd.read_csv(written.with_name("columns.csv"))
    assert list(columns["column"]) == [fact.name for fact in study().dataset.facts]
    page = written.read_text(encoding="utf-8")
    markdown = written.with_name("report.md").read_text(encoding="utf-8")
    for name, kind in zip(columns["column"], columns["read as"], strict=True):
        assert f'<th scope="row">{name}</th><td data-label="Read as">{kind}<' in page
        assert f"| {name} | {kind} |" in markdown


def test_parquet_is_written_where_it_can_be(study, written):
    result = study()
    read = pd.read_parquet(written.with_name("runs.parquet"))
    assert read["score"].tolist() == result.runs["score"].tolist()


def test_cells_of_a_table_cannot_act(study):
    frame = pd.DataFrame({"=a": ["=1+1", "@x", None, "-5"], "b": [-1.5, np.nan, 2, 1]})
    rows = list(csv.reader(io.StringIO(to_csv(frame))))
    assert rows[0] == ["'=a", "b"]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'@x", "", "'-5"]
    assert [row[1] for row in rows[1:]] == ["-1.5", "", "2.0", "1.0"]


def test_warnings_stand_above_and_other_notes_below(study, tmp_path):
    notes = (Note("a", "warning", "Beware."), Note("b", "info", "By the way."))
    words = Page(write(study(notes=notes), tmp_path).read_text("utf-8")).words
    assert words.index("Beware.") < words.index("Real differences")
    assert words.index("By the way.") > words.index("What the nets cost")


def test_a_note_that_study_and_data_share_is_told_once(study, tmp_path):
    result = study()
    both = dataclasses.replace(result, notes=(*result.notes, *result.dataset.notes))
    words = Page(write(both, tmp_path).read_text("utf-8")).words
    for note in result.dataset.notes:
        assert words.count(note.text) == 1


def test_a_study_without_anything_real_says_so(study, tmp_path):
    result = study()
    effects = result.effects.assign(verdict="undecided")
    words = Page(write(study(effects=effects), tmp_path).read_text("utf-8")).words
    assert "nothing that was varied makes a difference that this study is sure" in words
    assert "really" not in words


def test_a_study_of_one_net_without_baselines_has_a_report(study, tmp_path):
    result = study()
    one = dataclasses.replace(
        result,
        recipes={"plain": Recipe(width=8)},
        arms=result.arms.iloc[:1],
        baselines=result.baselines.iloc[:0],
        effects=result.effects.iloc[:0],
        recommendation=dataclasses.replace(
            result.recommendation, name="plain", best="plain"
        ),
    )
    words = Page(write(one, tmp_path).read_text("utf-8")).words
    assert "A study of 1 net on rows" in words


def test_a_folder_that_cannot_be_written_is_named(study, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(ConfigError, match="`out` must be a folder"):
        write(study(), blocked)


def test_nothing_is_written_outside_the_folder(study, tmp_path):
    write(renamed(study(), "../../escape"), tmp_path / "deep" / "out")
    assert [p.name for p in tmp_path.iterdir()] == ["deep"]
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["out"]


@pytest.mark.slow
@pytest.mark.usefixtures("warm_python")
def test_the_saved_model_comes_from_the_script(study, rows_file, tmp_path):
    import keras

    index = write_study_report(study(rows_file()), tmp_path / "out")
    words = Page(index.read_text(encoding="utf-8")).words
    assert "recommended.keras was made by recommended.py, from every row" in words
    model = keras.saving.load_model(
        tmp_path / "out" / "recommended.keras", safe_mode=True
    )
    assert model.output_shape == (None, 2)


@pytest.mark.usefixtures("warm_python")
def test_a_model_that_cannot_be_made_is_told(study, tmp_path, monkeypatch):
    # A module of the same name hides the real package.
    (tmp_path / "ablations.py").write_text("raise ImportError('Nothing is here.')")
    monkeypatch.syspath_prepend(tmp_path)
    index = write_study_report(study(), tmp_path / "out")
    words = Page(index.read_text(encoding="utf-8")).words
    assert "recommended.keras could not be made: ImportError: Nothing is here." in words
    assert not (tmp_path / "out" / "recommended.keras").exists()

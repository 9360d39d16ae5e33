"""The README must say what was published; that must fit the claims as they are."""

import json
import re
from dataclasses import replace

import pytest

from ablations.bench.page import to_markdown
from ablations.claims.registry import all_claims, select_claims
from ablations.judging.verdict import VERDICTS
from models.config import ConfigError
from reports.publish import (
    BENCHMARK,
    PICTURE,
    PUBLISHED,
    README,
    answer_block,
    bench_block,
    published,
    published_benchmark,
    readme_with,
    replace_block,
    shortened,
)
from reports.tiles import draw_tiles

WORDS = ("same", "undecided", "contradicting")


def test_the_readme_shows_the_published_verdicts_and_speed():
    page = README.read_text(encoding="utf-8")
    assert readme_with(page, published(), published_benchmark()) == page


def test_the_page_of_benchmarks_shows_what_was_measured():
    page = BENCHMARK.with_name("README.md").read_text(encoding="utf-8")
    assert to_markdown(published_benchmark()) == page


def test_every_claim_has_a_published_verdict_of_its_present_rule():
    digests = {verdict.id: verdict.digest for verdict in published()}
    assert digests == {id_: claim.digest for id_, claim in all_claims().items()}


def test_every_figure_the_published_report_shows_is_there():
    pages = [path.read_text(encoding="utf-8") for path in PUBLISHED.glob("*.md")]
    parts = [part for page in pages for part in page.split("](figures/")[1:]]
    shown = {part.split(")")[0] for part in parts}
    assert shown
    assert shown <= {path.name for path in (PUBLISHED / "figures").iterdir()}


def test_what_is_published_is_small_enough_to_be_cloned():
    sizes = [path.stat().st_size for path in PUBLISHED.rglob("*") if path.is_file()]
    assert sum(sizes) < 12_000_000


def test_a_changed_verdict_makes_the_readme_stale():
    page = README.read_text(encoding="utf-8")
    for changes in ({"answer": "Something else."}, {"verdict": "not tested"}):
        verdicts = [replace(verdict, **changes) for verdict in published()]
        assert readme_with(page, verdicts, published_benchmark()) != page


def test_the_picture_of_the_readme_has_a_tile_for_every_statement_of_the_notes():
    picture = PICTURE.read_text(encoding="utf-8")
    assert picture == draw_tiles(published())
    noted = [verdict for verdict in published() if not verdict.implied]
    marks = re.findall(r'<text class="mark ([\w-]+)"', picture)
    legend = len(VERDICTS)
    words = sorted(verdict.verdict.replace(" ", "-") for verdict in noted)
    assert sorted(marks[legend:]) == words


def test_six_answers_begin_the_readme():
    block = answer_block(published())
    answers = [line for line in block.splitlines() if line.startswith("- ")]
    assert len(answers) == 6
    assert "](reports/published/index.html)" in block


def test_the_speed_sentence_quotes_the_measurement():
    def row(wall: float, processor: float) -> dict[str, float]:
        return {"median_s_per_run": wall, "processor_s_per_run": processor}

    record = {
        "machine": {"cores": 2, "processor": "One"},
        "backend": "jax",
        "xor": {
            "fit": row(3.0, 4.0),
            "fit on jax, compiled once": row(0.5, 0.3),
            "fit on tensorflow, compiled once": row(0.6, 0.2),
            "stacked": row(0.001, 0.002),
        },
        "network": {
            "fit": row(1.0, 1.5),
            "fit on jax, compiled once": row(0.8, 0.9),
            "stacked on jax": row(0.1, 0.1),
            "hand-written JAX vmap": row(0.1, 0.116),
        },
    }
    text = bench_block(record)
    assert "1/3,000 (1/2,000) and 1/10 (1/15) of the time of a `fit`" in text
    assert "in one call it is 1/500 (1/150) and 1/8 (1/9)." in text
    assert "as long as the stack: a JAX `vmap` 1.00 (1.16).\n" in text


def test_a_page_without_markers_is_refused_by_name():
    with pytest.raises(ConfigError, match="verdicts"):
        replace_block("# no markers", "verdicts", "table")


@pytest.mark.slow
def test_runs_of_few_seeds_do_not_contradict_what_is_published(run_command):
    # All seeds of the quick preset and the other chapters take minutes; `ablations
    # reproduce` is for them. The claim with tuned rates, half of the work, is run by
    # the tests of the commands, and claims of many arms compile the longest.
    quick = [
        claim.id
        for claim in select_claims(["xor"])
        if len(arms := claim.claim.arms) <= 6
        and not any(arm.tune for arm in arms.values())
    ]
    done = run_command("run", *quick, "--seeds", "60")
    assert done.returncode == 0, done.stdout  # 1 where a condition contradicts
    shown = json.loads(run_command("verdicts", "xor", "--json").stdout)
    seen = [record["rerun"] for record in shown if record["rerun"]]
    assert len(seen) >= 18
    count = {word: sum(len(one[word]) for one in seen) for word in WORDS}
    assert count["contradicting"] == 0
    assert count["same"] > 3 * count["undecided"]


def test_numbers_are_published_with_the_digits_that_runs_have():
    told = {
        "estimate": 0.123456789,
        "n": 12345678,
        "times": [1e-9 / 3],
        "to": None,
    }
    short = {"estimate": 0.1234568, "n": 12345678, "times": [3.333333e-10]}
    assert shortened(told) == short | {"to": None}

"""Write the report: one page, the same in Markdown, tables and figures.

The page is one file. It opens without a network, and its content policy forbids
everything but its own stylesheet and its own script, both named by their digests, so
that nothing a claim or a data set is called can become anything but text.
The script finds, filters and opens; without it everything is there as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ablations.asking import make_index
from ablations.evidence.evidence import Evidence
from ablations.judging.standing import Standing
from reports.cards import (
    MARKS,
    MEANINGS,
    OWN,
    SEVERAL,
    WORDS,
    Card,
    make_card,
    source_of,
)
from reports.changes import Change
from reports.chapters import (
    MOST_ASKED,
    MOST_SURPRISES,
    MOST_TRIED,
    Chapter,
    in_turn,
    make_chapters,
)
from reports.cleaning import clean
from reports.counts import count_runs, count_verdicts, stamp, summary
from reports.explorers import make_explorers
from reports.facts import HARDWARE, describe_machine, facts
from reports.files import slug, write_files
from reports.glossary import GLOSSARY
from reports.page import drawings, environment, joined, stylesheet
from reports.tables import conditions_csv, verdicts_csv

__all__ = ["HARDWARE", "describe_machine", "write_report"]

TITLE = "Is it true what the notes say about neural networks?"


def write_report(
    standings: Sequence[Standing],
    evidence: Evidence,
    out: Path,
    *,
    generated: str,
    machine: dict[str, Any],
    commit: str = "",
    changes: Sequence[Change] = (),
) -> Path:
    """Write `index.html`, the same in Markdown, `tables/` and `figures/` into a folder.

    The Markdown is `report.md`, the overview, and one file for each chapter.

    Args:
        standings: The claims with the verdicts that stand, in the order shown.
        evidence: Runs that the figures read; what is missing is left out and said.
        out: The folder; files of the same names in it are replaced.
        generated: When the report was made, as it will stand on the page.
        machine: Where the runs were made, as stored beside them.
        commit: Version of the code that makes the report, empty if unknown.
        changes: What has changed since the last publication.

    Returns:
        The path of `index.html`.

    Raises:
        ConfigError: If the folder cannot be written.
    """
    cards = [make_card(each, evidence, order) for order, each in enumerate(standings)]
    sources = {each.verdict.id: source_of(each, evidence) for each in standings}
    chapters = make_chapters(cards, partial(make_explorers, sources=sources))
    at_hand = [clean(standing.here or standing.verdict) for standing in standings]
    told = facts(
        at_hand, clean(machine), clean(generated), evidence.first_seed, clean(commit)
    )
    made = [
        part for part in (clean(generated), commit and f"code {clean(commit)}") if part
    ]
    context = {
        **_overview(cards, chapters),
        "stamp": [*clean(stamp(standings)), *_stamped(standings, made)],
        "facts": told,
        "made": made,
        "changes": _changed(cards, changes),
    }
    pages = environment()
    files = {
        "index.html": _html(context),
        "report.md": pages.get_template("report.md.j2").render(context),
    }
    for chapter in chapters:
        mine = [card.verdict for card in chapter.cards]
        name = slug(chapter.name)
        template = pages.get_template("chapter.md.j2")
        files[chapter.page] = template.render(context, chapter=chapter)
        files[f"tables/{name}-verdicts.csv"] = verdicts_csv(mine)
        files[f"tables/{name}-conditions.csv"] = conditions_csv(mine)
        for explorer in chapter.explorers:
            files[f"explorers/{explorer.id}.json"] = explorer.published
    for card in cards:
        for picture in card.pictures:
            path = f"figures/{card.anchor}-{picture.name}"
            files[f"{path}.svg"] = picture.file_text()
            if picture.numbers:
                files[f"{path}.csv"] = picture.numbers
    write_files(Path(out), files)
    return Path(out) / "index.html"


def _overview(cards: Sequence[Card], chapters: Sequence[Chapter]) -> dict[str, Any]:
    """Return what the pages show of all claims together."""
    verdicts = [card.verdict for card in cards]
    ranked = sorted(cards, key=lambda card: card.rank)
    index = make_index(verdicts).record()
    explorers = [explorer for each in chapters for explorer in each.explorers]
    counts = count_verdicts(verdicts)
    return {
        "title": TITLE,
        "chapters": chapters,
        "ranked": ranked,
        "refuted": [card for card in ranked if card.group == "refuted"],
        "surprises": in_turn([each.surprises for each in chapters], MOST_SURPRISES),
        "quiz": in_turn([each.quiz for each in chapters], MOST_ASKED),
        "examples": in_turn([each.examples for each in chapters], MOST_TRIED),
        "states": {f"{e.id}/{row.address}" for e in explorers for row in e.rows},
        "tried": {e.claim: e for e in reversed(explorers)},
        "counts": counts,
        "num_own": sum(card.group == OWN for card in cards),
        "total": sum(counts.values()),
        "summary": summary(verdicts),
        "glossary": GLOSSARY,
        "index": {**index, "anchors": [card.anchor for card in cards]},
        "marks": MARKS,
        "meanings": MEANINGS,
        "words": WORDS,
        "several": SEVERAL,
    }


def _stamped(standings: Sequence[Standing], made: Sequence[str]) -> list[str]:
    """Return how many runs there are, when the page was made, and by which code."""
    num_runs = count_runs(standings)
    runs = [f"{num_runs:,} runs were trained for this."] if num_runs else []
    return [*runs, f"Made {', '.join(made)}."] if made else runs


def _changed(
    cards: Sequence[Card], changes: Sequence[Change]
) -> list[tuple[Card, str]]:
    """Return the cards of what changed, and the verdict before."""
    by_id = {card.verdict.id: card for card in cards}
    return [(by_id[c.claim], c.was) for c in changes if c.claim in by_id]


def _html(context: dict[str, Any]) -> str:
    script = joined("report.js", "explorer.js")
    css, policy = stylesheet(script, more=("page.css", "explorer.css"))
    pictures = [picture for card in context["ranked"] for picture in card.pictures]
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            **context,
            css=css,
            # Files of this package.
            script=Markup(script),  # noqa: S704
            policy=policy,
            drawn=drawings(pictures),
        )
    )

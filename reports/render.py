"""Write the report: one page, the same in Markdown, tables and figures.

The page is one file. It opens without a network, and its content policy forbids
everything but its own stylesheet and its own script, both named by their digests, so
that nothing a claim or a data set is called can become anything but text.
The script filters, sorts and opens; without it everything is there as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ablations.evidence.evidence import Evidence
from ablations.judging.standing import Standing
from reports.cards import MARKS, MEANINGS, OWN, make_card, make_chapters
from reports.cleaning import clean
from reports.counts import count_verdicts, stamp, summary
from reports.facts import HARDWARE, describe_machine, facts
from reports.files import slug, write_files
from reports.page import TEMPLATES, drawings, environment, stylesheet
from reports.tables import conditions_csv, verdicts_csv

__all__ = ["HARDWARE", "describe_machine", "write_report"]


def write_report(
    standings: Sequence[Standing],
    evidence: Evidence,
    out: Path,
    *,
    generated: str,
    machine: dict[str, Any],
    commit: str = "",
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

    Returns:
        The path of `index.html`.

    Raises:
        ConfigError: If the folder cannot be written.
    """
    cards = [make_card(each, evidence, order) for order, each in enumerate(standings)]
    verdicts = [card.verdict for card in cards]
    at_hand = [clean(standing.here or standing.verdict) for standing in standings]
    ranked = sorted(cards, key=lambda card: card.rank)
    chapters = make_chapters(cards)
    told = facts(
        at_hand, clean(machine), clean(generated), evidence.first_seed, clean(commit)
    )
    context = {
        "chapters": chapters,
        "ranked": ranked,
        "surprises": [card for card in ranked if card.group == "refuted"],
        "documents": sorted({name for card in cards for name in card.documents}),
        "counts": count_verdicts(verdicts),
        "num_own": sum(card.group == OWN for card in cards),
        "total": len(cards),
        "summary": summary(verdicts),
        "stamp": clean(stamp(standings)),
        "facts": told,
        "marks": MARKS,
        "meanings": MEANINGS,
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
    for card in cards:
        for picture in card.pictures:
            path = f"figures/{card.anchor}-{picture.name}"
            files[f"{path}.svg"] = picture.file_text()
            if picture.numbers:
                files[f"{path}.csv"] = picture.numbers
    write_files(Path(out), files)
    return Path(out) / "index.html"


def _html(context: dict[str, Any]) -> str:
    script = TEMPLATES.joinpath("report.js").read_text(encoding="utf-8")
    css, policy = stylesheet(script)
    pictures = [picture for card in context["ranked"] for picture in card.pictures]
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            **context,
            css=css,
            # A file of this package.
            script=Markup(script),  # noqa: S704
            policy=policy,
            drawn=drawings(pictures),
        )
    )

"""Write the report: one page, the same in Markdown, tables and figures.

The page is one file. It opens without a network, and its content policy forbids
everything but its own stylesheet and its own script, both named by their digests, so
that nothing a claim or a data set is called can become anything but text.
The script filters, sorts and opens; without it everything is there as well.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ablations.claims.registry import all_claims
from ablations.evidence.evidence import Evidence
from ablations.protocol.arm import TUNING_SEEDS_START
from reports.drawing.picture import Picture
from reports.figures import draw_figures
from reports.figures.source import Source
from reports.files import slug, write_files
from reports.page import TEMPLATES, drawings, environment, stylesheet
from reports.tables import (
    Record,
    arm_rows,
    arms_summary,
    chapter_title,
    clean,
    condition_rows,
    conditions_csv,
    count_verdicts,
    design_notes,
    own_reason,
    short_finding,
    verdict_table_markdown,
    verdicts_csv,
)

__all__ = ["verdict_table_markdown", "write_report"]

MARKS = {
    "supported": "✓",
    "conditional": "◐",
    "refuted": "✗",
    "inconclusive": "?",
    "not tested": "\N{EN DASH}",
}
MEANINGS = {
    "supported": "every prediction of the statement holds",
    "conditional": "it holds under some conditions and fails under others",
    "refuted": "every prediction of it fails",
    "inconclusive": "these data cannot tell",
    "not tested": "nothing here can test it, it was not run, or a control did not hold",
}
RANKS = ("refuted", "conditional", "inconclusive", "supported", "not tested")
"""Verdicts as the overview sorts them: what contradicts the notes comes first."""

MENTION = re.compile(r"`([a-z0-9_]+)`")
"""A claim that the introduction to a chapter speaks of."""

HARDWARE = ("processor", "cores", "memory_gib", "system", "backend", "device")


@dataclass(frozen=True)
class Section:
    """Hold one claim as the templates read it.

    Attributes:
        anchor: Its identifier on the page and in file names.
        chapter: Title of its chapter.
        order: Its place among all claims.
        record: Its verdict.
        finding: The finding, shortened where it is long.
        pictures: Its figures.
        missing: Sentences about figures that cannot be drawn.
        conditions: Rows of the table of conditions.
        arms: Rows of the table of arms.
        arms_summary: What was trained, in a few words.
        reason: Why there is no clear verdict, where the conditions do not say.
        design: Sentences on lock, looks, seeds and machines.
    """

    anchor: str
    chapter: str
    order: int
    record: Record
    finding: str
    pictures: tuple[Picture, ...]
    missing: tuple[str, ...]
    conditions: list[dict[str, str]]
    arms: list[dict[str, str]]
    arms_summary: str
    reason: str
    design: list[str]

    @property
    def page(self) -> str:
        """Name of the Markdown file that it stands in."""
        return markdown_page(self.record["chapter"])

    @property
    def rank(self) -> int:
        """Place of the verdict in the overview."""
        return RANKS.index(self.record["verdict"])

    @property
    def documents(self) -> tuple[str, ...]:
        """Names of the documents that make the statement."""
        return documents_of(self.record["source"])


Paragraph = list[tuple[str, Section | None]]
"""Pieces of text; a claim that a piece names leads to its section."""


@dataclass(frozen=True)
class Chapter:
    """Hold the claims of one chapter, and what is said before them.

    Attributes:
        name: Name of its folder.
        title: Its heading.
        introduction: Paragraphs for readers who are new to the matter.
        sections: Its claims.
    """

    name: str
    title: str
    introduction: tuple[Paragraph, ...]
    sections: tuple[Section, ...]

    @property
    def page(self) -> str:
        """Name of its Markdown file."""
        return markdown_page(self.name)

    @property
    def counts(self) -> dict[str, int]:
        """How many claims there are of each verdict."""
        return count_verdicts([section.record for section in self.sections])


def write_report(
    records: list[dict[str, Any]],
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
        records: What `ablations.judging.verdict.give_verdict` returned, in the order
            shown.
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
    chapters = _chapters(records, evidence)
    sections = [section for chapter in chapters for section in chapter.sections]
    ranked = sorted(sections, key=lambda section: section.rank)
    context = {
        "chapters": chapters,
        "ranked": ranked,
        "surprises": [s for s in ranked if s.record["verdict"] == "refuted"],
        "documents": sorted({name for s in sections for name in s.documents}),
        "counts": count_verdicts(records),
        "total": len(records),
        "answer": answer(records),
        "facts": facts(
            clean(records),
            clean(machine),
            clean(generated),
            evidence.first_seed,
            clean(commit),
        ),
        "marks": MARKS,
        "meanings": MEANINGS,
    }
    markdown_pages = environment()
    files = {
        "index.html": _html(context),
        "report.md": markdown_pages.get_template("report.md.j2").render(context),
    }
    chapter_page = markdown_pages.get_template("chapter.md.j2")
    for chapter in chapters:
        inside = [section.record for section in chapter.sections]
        name = slug(chapter.name)
        files[chapter.page] = chapter_page.render(context, chapter=chapter)
        files[f"tables/{name}-verdicts.csv"] = verdicts_csv(inside)
        files[f"tables/{name}-conditions.csv"] = conditions_csv(inside)
        for section in chapter.sections:
            for picture in section.pictures:
                path = f"figures/{section.anchor}-{picture.name}"
                files[f"{path}.svg"] = picture.file_text()
                if picture.numbers:
                    files[f"{path}.csv"] = picture.numbers
    write_files(Path(out), files)
    return Path(out) / "index.html"


def answer(records: Sequence[Record]) -> str:
    """Say in one sentence what was found."""
    counts = count_verdicts(records)
    tested = len(records) - counts["not tested"]
    if not tested:
        return "Nothing was tested yet."
    of = "statement" if tested == 1 else "statements"
    return (
        f"Of {tested:,} {of} that were tested, {counts['supported']:,} hold as they"
        f" stand, {counts['conditional']:,} only under conditions,"
        f" {counts['refuted']:,} not at all; {counts['inconclusive']:,} are open."
    )


def markdown_page(chapter: str) -> str:
    """Return the name of a chapter's Markdown file."""
    return f"{slug(chapter)}.md"


def documents_of(source: str) -> tuple[str, ...]:
    """Return the names of the documents that a claim's source tells.

    They stand before the first comma, and a semicolon parts two of them.
    """
    names = (part.split(",")[0].strip() for part in source.split(";"))
    return tuple(dict.fromkeys(name for name in names if name))


def _chapters(records: Sequence[Record], evidence: Evidence) -> tuple[Chapter, ...]:
    sections: dict[str, list[Section]] = {}
    for order, record in enumerate(records):
        section = _section(record, evidence, order)
        sections.setdefault(section.record["chapter"], []).append(section)
    by_id = {s.record["id"]: s for inside in sections.values() for s in inside}
    return tuple(
        Chapter(
            name,
            chapter_title(name),
            tuple(introduction(chapter_words(name), by_id)),
            tuple(inside),
        )
        for name, inside in sections.items()
    )


def chapter_words(name: str) -> str:
    """Return what a chapter's folder says of it, empty for unknown chapters.

    That is the docstring of `ablations/claims/<chapter>/__init__.py` after its first
    line.
    """
    known = {claim.chapter for claim in all_claims().values()}
    if name not in known:
        return ""
    module = importlib.import_module(f"ablations.claims.{name}")
    return inspect.cleandoc(module.__doc__ or "").partition("\n\n")[2]


def introduction(
    text: str, sections: Mapping[str, Section]
) -> Iterator[list[tuple[str, Section | None]]]:
    """Split the words before a chapter into paragraphs, and these at claims they name.

    Args:
        text: Paragraphs with an empty line between them; the id of a claim stands
            between backticks.
        sections: The claims that there are, by id; the names of others stay words.
    """
    for paragraph in filter(None, text.split("\n\n")):
        pieces: Paragraph = []
        for index, piece in enumerate(MENTION.split(" ".join(paragraph.split()))):
            section = sections.get(piece) if index % 2 else None
            words = piece.replace("_", " ") if index % 2 else piece
            pieces += [(words, section)] if words else []
        yield pieces


def _section(record: Record, evidence: Evidence, order: int) -> Section:
    registered = all_claims().get(record["id"])
    claim = registered.claim if registered else None
    anchor = slug(record["id"])
    shown = clean(record)
    # Arms are looked up by their own names; only what is written is cleaned.
    source = Source({**shown, "arms": record["arms"]}, claim, evidence)
    pictures, missing = draw_figures(source)
    return Section(
        anchor,
        chapter_title(shown["chapter"]),
        order,
        shown,
        short_finding(shown),
        tuple(picture.renamed(f"{anchor}-{picture.name}") for picture in pictures),
        tuple(missing),
        condition_rows(shown),
        arm_rows(shown),
        arms_summary(shown),
        own_reason(shown),
        design_notes(shown),
    )


def facts(
    records: Sequence[Record],
    machine: dict[str, Any],
    generated: str,
    first_seed: int,
    commit: str = "",
) -> list[tuple[str, str]]:
    """Return how the report was made: machine, versions, seeds, preset, command."""
    arms = [arm for record in records for arm in record["arms"]]
    presets = sorted({r["preset"] for r in records if r.get("preset")})
    most = max((arm["runs"] for arm in arms), default=0)
    seeds = (
        f"up to {most:,} per arm, numbered from {first_seed:,}; tuning uses seeds from"
        f" {TUNING_SEEDS_START:,} on"
        if most
        else "none yet"
    )
    versions = {k: v for k, v in machine.items() if k not in HARDWARE}
    others = _other_machines(arms, machine)
    found = [
        ("Generated", generated),
        ("Machine", describe_machine(machine)),
        ("Versions", ", ".join(f"{k} {v}" for k, v in versions.items()) or "unknown"),
        ("Seeds", seeds),
        ("Preset", ", ".join(presets) or "none"),
    ]
    if others:
        found.append(("Other runs from", "; ".join(others)))
    if commit:
        found.append(("Code", commit))
    if len(presets) == 1:
        found.append(("Repeat it", f"`ablations reproduce --preset {presets[0]}`"))
    return found


def describe_machine(machine: dict[str, Any]) -> str:
    """Describe the hardware in one line."""
    units = {
        "cores": "{} cores",
        "memory_gib": "{} GiB of memory",
        "backend": "{} backend",
        "device": "on {}",
    }
    known = [units.get(k, "{}").format(machine[k]) for k in HARDWARE if k in machine]
    return ", ".join(known) or "unknown"


def _other_machines(arms: Sequence[Record], machine: dict[str, Any]) -> list[str]:
    found = {
        json.dumps(entry, sort_keys=True, default=str): entry
        for arm in arms
        for entry in arm.get("machines", [])
        if entry != machine
    }
    return list(dict.fromkeys(_difference(entry, machine) for entry in found.values()))


def _difference(entry: dict[str, Any], machine: dict[str, Any]) -> str:
    """Say in what another machine or its versions differ."""
    differing = {k: v for k, v in entry.items() if machine.get(k) != v}
    return ", ".join(f"{name} {value}" for name, value in differing.items()) or (
        describe_machine(entry)
    )


def _html(context: dict[str, Any]) -> str:
    script = TEMPLATES.joinpath("report.js").read_text(encoding="utf-8")
    css, policy = stylesheet(script)
    pictures = [
        picture
        for chapter in context["chapters"]
        for section in chapter.sections
        for picture in section.pictures
    ]
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

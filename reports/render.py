"""Write the report: one page, the same in Markdown, tables and figures.

The page is one file. It opens without a network, runs no script, and its content
policy forbids everything but its own stylesheet, so that nothing a claim or a data set
is called can become anything but text.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from ablations.arm import TUNING_SEEDS_START
from ablations.evidence import Evidence
from ablations.registry import all_claims
from reports import markdown
from reports.figures import draw_figures
from reports.figures.palette import DARK, dark_rules
from reports.figures.picture import Picture
from reports.figures.source import Source
from reports.files import slug, write_files
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
TEMPLATES = importlib.resources.files("reports") / "templates"
HARDWARE = ("processor", "cores", "memory_gib", "system", "backend", "device")


@dataclass(frozen=True)
class Section:
    """Hold one claim as the templates read it.

    Attributes:
        anchor: Its identifier on the page and in file names.
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
    record: Record
    finding: str
    pictures: tuple[Picture, ...]
    missing: tuple[str, ...]
    conditions: list[dict[str, str]]
    arms: list[dict[str, str]]
    arms_summary: str
    reason: str
    design: list[str]


@dataclass(frozen=True)
class Chapter:
    """Hold the claims of one chapter."""

    name: str
    title: str
    sections: tuple[Section, ...]


def write_report(
    records: list[dict[str, Any]],
    evidence: Evidence,
    out: Path,
    *,
    generated: str,
    machine: dict[str, Any],
) -> Path:
    """Write `index.html`, `report.md`, `tables/` and `figures/` into a folder.

    Args:
        records: What `ablations.verdict.give_verdict` returned, in the order shown.
        evidence: Runs that the figures read; what is missing is left out and said.
        out: The folder; files of the same names in it are replaced.
        generated: When the report was made, as it will stand on the page.
        machine: Where the runs were made, as stored beside them.

    Returns:
        The path of `index.html`.

    Raises:
        ConfigError: If the folder cannot be written.
    """
    chapters = _chapters(records, evidence)
    context = {
        "chapters": chapters,
        "counts": count_verdicts(records),
        "total": len(records),
        "facts": facts(
            clean(records), clean(machine), clean(generated), evidence.first_seed
        ),
        "marks": MARKS,
        "meanings": MEANINGS,
    }
    files = {
        "index.html": _html(context),
        "report.md": _environment().get_template("report.md.j2").render(context),
    }
    for chapter in chapters:
        inside = [section.record for section in chapter.sections]
        name = slug(chapter.name)
        files[f"tables/{name}-verdicts.csv"] = verdicts_csv(inside)
        files[f"tables/{name}-conditions.csv"] = conditions_csv(inside)
        for section in chapter.sections:
            for picture in section.pictures:
                path = f"figures/{section.anchor}-{picture.name}.svg"
                files[path] = picture.file_text()
    write_files(Path(out), files)
    return Path(out) / "index.html"


def _chapters(records: Sequence[Record], evidence: Evidence) -> tuple[Chapter, ...]:
    sections: dict[str, list[Section]] = {}
    for record in records:
        section = _section(record, evidence)
        sections.setdefault(section.record["chapter"], []).append(section)
    return tuple(
        Chapter(name, chapter_title(name), tuple(inside))
        for name, inside in sections.items()
    )


def _section(record: Record, evidence: Evidence) -> Section:
    registered = all_claims().get(record["id"])
    claim = registered.claim if registered else None
    anchor = slug(record["id"])
    shown = clean(record)
    # Arms are looked up by their own names; only what is written is cleaned.
    source = Source({**shown, "arms": record["arms"]}, claim, evidence)
    pictures, missing = draw_figures(source)
    return Section(
        anchor,
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
) -> list[tuple[str, str]]:
    """Return what the head of the report says: machine, versions, seeds, preset."""
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


def _environment() -> Environment:
    environment = Environment(
        # Markdown has its own escaping, which the template calls for every text.
        autoescape=select_autoescape(
            disabled_extensions=("md.j2",), default=True, default_for_string=True
        ),
        loader=PackageLoader("reports"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "md": markdown.escape,
        "md_code": markdown.code,
        "md_prose": markdown.prose,
        "commands": markdown.split_commands,
    }
    return environment


def _html(context: dict[str, Any]) -> str:
    environment = _environment()
    css = TEMPLATES.joinpath("report.css").read_text(encoding="utf-8")
    colors = "\n".join(f"  {rule}" for rule in dark_rules(DARK).splitlines())
    css = f"{css}\n@media screen and (prefers-color-scheme: dark) {{\n{colors}\n}}\n"
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    template = environment.get_template("report.html.j2")
    # Both were made here: the stylesheet is a file, and the figures are our drawings.
    drawn = {
        picture.svg: Markup(picture.svg)  # noqa: S704
        for chapter in context["chapters"]
        for section in chapter.sections
        for picture in section.pictures
    }
    return template.render(
        **context,
        css=Markup(css),  # noqa: S704
        policy=policy,
        drawn=drawn,
    )

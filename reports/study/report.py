"""Write the report of a study: one page, the same in Markdown, tables and the recipe.

The page is one file that asks for nothing from outside and runs no script. Its first
screen says what to use and how sure that is; how it was found stands below.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ablations.terminal import count
from reports.cleaning import clean
from reports.drawing.picture import Picture
from reports.files import write_files
from reports.numbers import DASH
from reports.page import drawings, environment, stylesheet
from reports.study import rows, words
from reports.study.columns import MOST_ROWS, column_rows
from reports.study.figures import FIGURES, draw_figures
from reports.study.model import train_model
from reports.study.readings.net import shown_net
from reports.study.readings.numbers import title, unit_phrase
from reports.study.script import write_script
from reports.study.tables import readable, write_tables

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult
    from ablations.study.settings.score import Score

FRAMES = (
    "arms",
    "baselines",
    "runs",
    "trials",
    "curves",
    "effects",
    "interactions",
    "cells",
    "predictions",
)
NO_SCRIPT = {
    "net": "There is no recommended.py: only your own function builds this net, and"
    " the study was not told where to import it from.",
    "baseline": "",
    "nothing": "There is no recommended.py, as nothing is recommended.",
}
"""What is said where there is no script, by what is recommended."""

FILES = {
    "recommended.py": "the recipe as a script that reads the data and trains",
    "recommended.keras": "the net that this script makes, which needs Keras alone",
    "recommended.joblib": "what prepares columns for this net; the script reads it",
    "columns.csv": "how every column of the data was read",
    "runs.csv": "every run with its scores",
    "runs.parquet": "the same as Parquet",
    "effects.csv": "every comparison",
    "interactions.csv": "how factors change each other's effects",
    "arms.csv": "every net with its settings, scores and costs",
    "baselines.csv": "the models that are no nets",
    "trials.csv": "every learning rate tried",
    "curves.csv": "learning curves",
}
"""What the files are, in the order in which the page names them."""


def write_study_report(
    result: StudyResult, out: Path, *, save_model: bool = True
) -> Path:
    """Write the report of a study into a folder.

    That is `index.html` and `report.md` with `figures/`, the tables as CSV (the runs
    as Parquet, too, where pyarrow is installed), and `recommended.py`; where a net is
    recommended, `recommended.keras` and `recommended.joblib` as well. Of these files
    none stays there that is of another study.

    Args:
        result: The finished study.
        out: The folder; files of the same names in it are replaced.
        save_model: Whether to train the recommended net on all rows and save it, which
            takes some seconds.

    Returns:
        The path of `index.html`.

    Raises:
        ConfigError: If the folder cannot be written.
    """
    script = write_script(result)
    # Names act nowhere but in the script, where they are literals.
    result = readable_result(result)
    files: dict[str, str | bytes] = {**write_tables(result)}
    note = "" if script is not None else NO_SCRIPT[result.recommendation.kind]
    if script is not None:
        files["recommended.py"] = script
    if script is not None and result.recommendation.kind == "net" and save_model:
        made, said = train_model(script, result.dataset, result.config.data)
        files |= made
        if not made:
            note = f"recommended.keras could not be made: {clean(said)}."
        else:
            note = (
                "recommended.keras was made by recommended.py, from every row; what it"
                " reads are the columns as prepared there. When it was made, the script"
                f" said: “{clean(said)}” How well it does on new rows is what the study"
                " measured, not what it says of its own rows."
            )
    pictures = draw_figures(result)
    files |= {f"figures/{name}.svg": p.file_text() for name, p in pictures.items()}
    context = make_context(result, pictures, list(files), note)
    files["index.html"] = _html(context, pictures)
    files["report.md"] = (
        environment().get_template("study/report.md.j2").render(context)
    )
    write_files(Path(out), files)
    for name in [*FILES, *(f"figures/{module.NAME}.svg" for module in FIGURES)]:
        if name not in files:
            (Path(out) / name).unlink(missing_ok=True)
    return Path(out) / "index.html"


def readable_result(result: StudyResult) -> StudyResult:
    """Return the study with texts that hold only what can be shown."""
    frames: dict[str, Any] = {name: readable(getattr(result, name)) for name in FRAMES}
    dataset = dataclasses.replace(
        result.dataset,
        name=clean(result.dataset.name),
        classes=tuple(clean(list(result.dataset.classes))),
        target_name=clean(result.dataset.target_name),
        notes=tuple(_clean_fields(note) for note in result.dataset.notes),
    )
    design = dataclasses.replace(
        result.design,
        factors=clean({k: list(v) for k, v in result.design.factors.items()}),
        aliases=tuple(clean(list(result.design.aliases))),
    )
    return dataclasses.replace(
        result,
        **frames,
        name=clean(result.name),
        dataset=dataset,
        design=design,
        recipes={clean(name): recipe for name, recipe in result.recipes.items()},
        recommendation=_clean_fields(result.recommendation),
        notes=tuple(_clean_fields(note) for note in result.notes),
        versions=clean(dict(result.versions)),
        command=clean(result.command),
    )


def _clean_fields(record: Any) -> Any:
    """Return a dataclass whose texts hold only what can be shown."""
    values = {
        field.name: getattr(record, field.name) for field in dataclasses.fields(record)
    }
    cleaned = {
        name: tuple(clean(value)) if isinstance(value, tuple) else clean(value)
        for name, value in values.items()
    }
    return type(record)(**cleaned)


def make_context(
    result: StudyResult, pictures: dict[str, Picture], files: list[str], note: str
) -> dict[str, Any]:
    """Return everything that the templates of page and Markdown read."""
    chosen = result.recommendation
    return {
        "name": result.name,
        "num_nets": count(len(result.recipes), "net"),
        "kind": chosen.kind,
        "sentence": words.headline(result),
        "matters": words.what_matters(result),
        "explained": words.explanation(result),
        "reasons": tuple(dict.fromkeys((chosen.sentence, *chosen.reasons))),
        "chosen_net": words.CHOSEN_NET,
        "rivals": [r for r in rows.effect_rows(result) if r["kind"] == "baseline"],
        "warnings": words.notes_of(result, "warning"),
        "notes": words.notes_of(result, "info"),
        "summary": rows.summary(result),
        "rows": rows.effect_rows(result),
        "scores": rows.score_rows(result),
        "score_title": score_title(result.score),
        "reference": result.reference,
        "shown": shown_net(result),
        "is_factorial": "factorial" in result.design.name,
        "aliases": result.design.aliases,
        "recipe": rows.recipe_rows(result),
        "arms": rows.arm_rows(result),
        "other_scores": rows.other_scores(result),
        "data_facts": words.data_facts(result),
        "columns": column_rows(result.dataset),
        "num_unshown": max(0, len(result.dataset.facts) - MOST_ROWS),
        "method": words.method_sentences(result),
        "method_facts": words.method_facts(result),
        "command": result.command,
        "files": [(name, FILES[name]) for name in FILES if name in files],
        "model_note": note,
        "pictures": pictures,
        "dash": DASH,
    }


def score_title(score: Score) -> str:
    """Return what stands above a column of scores."""
    name = title(score)
    return ", ".join(
        filter(None, (f"{name[:1].upper()}{name[1:]}", unit_phrase(score)))
    )


def _html(context: dict[str, Any], pictures: dict[str, Picture]) -> str:
    css, policy = stylesheet(more=("study/study.css",))
    template = environment().get_template("study/report.html.j2")
    return template.render(
        **context, css=css, policy=policy, drawn=drawings(pictures.values())
    )

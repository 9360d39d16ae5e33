"""Say how sure a verdict is, by rule, and how far it reaches: two different things."""

from __future__ import annotations

from ablations.judging.outcome import SHARE
from ablations.judging.pooling import AcrossTasks, across_tasks
from ablations.judging.verdict import INCOMPLETE, Verdict
from ablations.protocol.claim import Claim
from ablations.protocol.run_config import RunConfig
from ablations.terminal import count
from reports.numbers import LOG

PLAIN_TASKS = {
    "and": "the four rows of AND",
    "boxes": "boxes in a plane",
    "breast_cancer": "a table of breast cancers",
    "breast_cancer_split": "a table of breast cancers",
    "diabetes": "a table on diabetes",
    "digits": "images of digits",
    "fair": "a survey on marriages",
    "gmm10": "made-up clusters of ten classes",
    "iris": "a table of irises",
    "mnist1d": "made-up signals of digits",
    "mnist5k": "larger images of digits",
    "or": "the four rows of OR",
    "randhie": "a table of visits to doctors",
    "random_labels": "labels drawn by chance",
    "regression8": "a made-up regression",
    "spirals": "made-up spirals",
    "tabular": "a made-up table",
    "teacher": "a made-up network to imitate",
    "wine": "a table of wines",
    "xnor": "the negation of XOR",
    "xor": "the four rows of XOR",
}
"""What the tasks are called in a sentence."""

FEW_RUNS = 20
"""Runs of an arm below which no verdict is called sure."""

OPEN = ("inconclusive", "not tested", INCOMPLETE)
MOST_NAMED = 3
"""Tasks that are named; of more, the number is."""


def evidence_strip(verdict: Verdict, claim: Claim) -> list[tuple[str, str]]:
    """Return what the evidence rests on: a few words in bold, and the rest of a line.

    Args:
        verdict: The verdict.
        claim: The claim, whose arms tell what was trained.
    """
    if not verdict.is_judged:
        return []
    strip = [_runs(verdict), certainty(verdict), _checks(verdict), reach(claim)]
    mark = verdict.digest[:8]
    rule = ("Rule fixed first", f"before the runs it judges; its fingerprint is {mark}")
    if claim.seeds.first:
        fresh = f"and judged on fresh seeds, from {claim.seeds.first:,} on"
        rule = ("Rule revised after outcomes", f"{fresh}; its fingerprint is {mark}")
    pooled = [on_one_more_task(each) for each in across_tasks(claim, verdict.core)]
    last = rule if verdict.locked else None
    return [line for line in (*strip, *pooled, last) if line]


def on_one_more_task(found: AcrossTasks) -> tuple[str, str]:
    """Say what tasks come to on average, and what is expected of one more.

    Logarithms are told as a percentage of what they are of.
    """
    effect, unit = found.effect, found.unit
    numbers = effect.mean, effect.predicted_low, effect.predicted_high
    if unit.startswith(LOG):
        numbers, of = tuple(10.0**x - 1.0 for x in numbers), " %"
    else:
        of = " points" if unit.endswith((SHARE, "accuracy")) else ""
    factor = 100.0 if of else 1.0
    mean, low, high = (
        f"{float(f'{factor * x:.2g}'):+,.4g}".replace("-", "\N{MINUS SIGN}")
        for x in numbers
    )
    level = f", {found.level}" if found.level else ""
    what = f" ({found.compared})" if found.compared else ""
    return (
        f"{mean}{of} over {effect.n} tasks{level}",
        f"on average, in {unit.removeprefix(LOG)}{what}; on one more such task with"
        f" 95 % probability {low} to {high}{of}",
    )


def _runs(verdict: Verdict) -> tuple[str, str]:
    """Say how much was run, or that chance plays no part."""
    numbers = [arm["runs"] for arm in verdict.arms if arm["runs"]]
    if not numbers and any(outcome.is_timed for outcome in verdict.core):
        return "Timed", "on one machine; another time the seconds are others"
    if not numbers:
        return "Computed", "exactly; chance plays no part"
    starts = (
        f"{min(numbers):,}" if len(set(numbers)) == 1 else f"up to {max(numbers):,}"
    )
    of = "one network" if len(numbers) == 1 else f"each of {len(numbers):,} networks"
    return count(sum(numbers), "run"), f"{starts} random starts of {of}"


def certainty(verdict: Verdict) -> tuple[str, str]:
    """Say how sure the verdict is: by decided conditions, controls and runs.

    *High* where every condition of the core is decided, every control holds and every
    arm has `FEW_RUNS` runs; *low* where there is no clear word; else *moderate*.
    """
    core = verdict.core
    decided = sum(outcome.is_decided for outcome in core)
    told = f"{decided} of {count(len(core), 'condition')} decided"
    fewest = min((arm["runs"] for arm in verdict.arms if arm["runs"]), default=FEW_RUNS)
    if verdict.verdict in OPEN:
        return "Certainty: low", told
    if decided < len(core) or fewest < FEW_RUNS:
        return "Certainty: moderate", told
    few = {1: "its one condition is", 2: "both conditions are"}
    told = few.get(len(core), f"all {len(core)} conditions are")
    return "Certainty: high", f"{told} decided"


def _checks(verdict: Verdict) -> tuple[str, str] | None:
    """Say how many controls hold; None where the rule has none."""
    if not verdict.controls:
        return None
    held = sum(outcome.outcome == "holds" for outcome in verdict.controls)
    of = len(verdict.controls)
    if held == of == 1:
        return "The check held", "as it must"
    if held == of:
        checks = "Both checks" if of == 2 else f"All {of} checks"
        return f"{checks} held", "as they must"
    return f"{held} of {count(of, 'check')} held", "so the statement is not tested"


def reach(claim: Claim) -> tuple[str, str] | None:
    """Say which networks and data the verdict is about; None for no runs."""
    configs = [arm.config for arm in claim.arms.values()]
    names = [config.get_task() for config in configs]
    tasks = sorted({PLAIN_TASKS.get(t.name, t.name) for t in names if t is not None})
    if not tasks:
        return None
    shapes = [shape for shape in map(_shape, configs) if shape is not None]
    told = [_layers(shapes)] if shapes else []
    few = len(tasks) <= MOST_NAMED
    told.append(" and ".join(tasks) if few else f"{len(tasks)} sets of data")
    return "Reach:", ", ".join(told)


def _shape(config: RunConfig) -> tuple[int, int] | None:
    """Return number of hidden layers and width of the first, None if unknown."""
    model = getattr(config, "model", None)
    units = getattr(model, "hidden_units", None)
    return (len(units), units[0]) if units else None


def _layers(shapes: list[tuple[int, int]]) -> str:
    """Say how deep and how wide networks are."""
    depths, widths = ({shape[part] for shape in shapes} for part in (0, 1))
    layers = f"{_span(depths)} hidden layer{'' if depths == {1} else 's'}"
    return f"{layers} of {_span(widths)} unit{'' if widths == {1} else 's'}"


def _span(values: set[int]) -> str:
    low, high = min(values), max(values)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"

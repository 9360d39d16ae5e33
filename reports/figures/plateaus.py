"""Sort runs by where they ended: solved and how, or stuck and on what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ablations.evidence.weight_scores import NUM_WEIGHTS, folds_difference, folds_sum
from reports.figures.networks import corner_outputs, networks_of, without_symmetry
from reports.figures.source import ArmRuns

SMALLEST_SHARE = 0.02
"""Smallest share of the stuck runs that makes a plateau."""

MOST_PLATEAUS = 4
FRACTIONS = {0.0: "0", 0.25: "¼", 1 / 3: "⅓", 0.5: "½", 2 / 3: "⅔", 0.75: "¾", 1.0: "1"}
NEAR = 0.02
"""Distance within which an output is named by a fraction."""


@dataclass(frozen=True)
class Plateau:
    """Runs that stopped at one place.

    Attributes:
        name: What the network puts out there, in words.
        loss: Median of the final losses.
        members: Positions of the runs in their table.
    """

    name: str
    loss: float
    members: np.ndarray


def is_solved(runs: ArmRuns) -> np.ndarray:
    """Return whether each run ended with all rows right `[S]`."""
    return runs.final("solved") == 1.0


def find_plateaus(runs: ArmRuns) -> list[Plateau]:
    """Return the places where runs that solve nothing gather, the fullest first.

    Runs gather where the outputs at the four corners agree to a tenth, up to the
    symmetries of XOR; without stored weights, where the final loss does.
    """
    stuck = np.flatnonzero(~is_solved(runs) & np.isfinite(runs.final("loss")))
    if not len(stuck):
        return []
    outputs = _outputs(runs)
    losses = runs.final("loss")
    keys = (
        np.round(losses[stuck, None], 2)
        if outputs is None
        else np.round(10 * outputs[stuck]) + 0.0
    )
    _, groups, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    smallest = max(2.0, SMALLEST_SHARE * len(stuck))
    found = []
    for group in np.argsort(-counts, kind="stable")[:MOST_PLATEAUS]:
        if counts[group] < smallest:
            break
        members = stuck[groups.ravel() == group]
        name = (
            f"loss near {np.median(losses[members]):.2g}"
            if outputs is None
            else name_outputs(np.median(outputs[members], axis=0))
        )
        found.append(Plateau(name, float(np.median(losses[members])), members))
    return found


def name_outputs(outputs: np.ndarray) -> str:
    """Say what a network puts out, given equal low, equal high, mixed low and high."""
    equal_low, equal_high, mixed_low, mixed_high = (_fraction(v) for v in outputs)
    if len({equal_low, equal_high, mixed_low, mixed_high}) == 1:
        return f"{equal_low} everywhere"
    equal = _pair(equal_low, equal_high)
    return f"{equal} for equal inputs, {_pair(mixed_low, mixed_high)} for mixed"


def _pair(low: str, high: str) -> str:
    return low if low == high else f"{low} and {high}"


def _fraction(value: float) -> str:
    for fraction, name in FRACTIONS.items():
        if abs(value - fraction) <= NEAR:
            return name
    return f"{value:.2f}"


def _outputs(runs: ArmRuns) -> np.ndarray | None:
    """Return the final outputs `[S, 4]`, ordered without symmetry, if known."""
    if not runs.has("weights") or runs.task != "xor":
        return None
    networks = networks_of(runs.config, runs.table.arrays["weights"])
    return None if networks is None else without_symmetry(corner_outputs(networks))


def solution_kinds(runs: ArmRuns) -> dict[str, np.ndarray]:
    """Return the solved runs of a 2-2-1 network by what they fold, as positions."""
    weights = runs.table.arrays["weights"]
    if weights.shape[1] != NUM_WEIGHTS["two hidden units"]:
        return {}
    solved = is_solved(runs)
    kinds = {
        "folds the sum": folds_sum(weights) == 1.0,
        "folds the difference": folds_difference(weights) == 1.0,
    }
    return {name: np.flatnonzero(solved & mask) for name, mask in kinds.items()}

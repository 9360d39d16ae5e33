"""Our numbers against those that SciPy, statsmodels and R gave, stored case by case.

The cases come from `cases/make_cases.py` and `cases/make_cases.R`.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ablations.stats.multiple import holm
from ablations.stats.paired import (
    paired_mean_difference,
    sign_flip_p_value,
)
from ablations.stats.paired_proportions import mcnemar_p_value, newcombe_paired_limits
from ablations.stats.power import power_of_mean
from ablations.stats.proportions import (
    clopper_pearson,
    newcombe_limits,
    wilson,
)
from ablations.stats.ranks import signed_rank_p_value
from ablations.stats.rate_power import power_of_paired_rates, power_of_rate
from ablations.stats.resampled import corrected_resampled_t
from ablations.stats.signflip import flip_ratio
from ablations.stats.survival import kaplan_meier
from ablations.stats.trends import linear_trend

CASES = [
    case
    for path in sorted(Path(__file__).parent.glob("cases/*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
]


def limits(function: Callable) -> Callable[..., dict[str, Any]]:
    """Name the two ends that a function of arrays returns."""

    def named(**inputs):
        inputs.setdefault("confidence", 0.95)
        low, high = function(**inputs)
        return {"low": float(low), "high": float(high)}

    return named


def fields(function: Callable, *, random: bool = False) -> Callable[..., dict]:
    """Read the attributes of what a function returns; `random` ones get signs."""

    def named(**inputs):
        if random:
            inputs["rng"] = np.random.default_rng(0)
        return vars(function(**inputs))

    return named


def value(name: str, function: Callable, *, random: bool = False) -> Callable:
    """Name the one thing that a function returns."""

    def named(**inputs):
        if random:
            inputs["rng"] = np.random.default_rng(0)
        return {name: function(**inputs)}

    return named


def ratio(**inputs):
    arms = (np.array(inputs[name], float) for name in ("numerators", "denominators"))
    flips = flip_ratio(*arms, np.random.default_rng(0))
    low, high = flips.interval(0.95)
    found = {"estimate": flips.center, "p_value": flips.p_value(1.0)}
    return found | {"low": low, "high": high}


CALLS = {
    "clopper_pearson": fields(clopper_pearson),
    "corrected_resampled_t": fields(corrected_resampled_t),
    "flip_ratio": ratio,
    "holm": value("adjusted", holm),
    "kaplan_meier": fields(kaplan_meier),
    "linear_trend": fields(linear_trend, random=True),
    "mcnemar_p_value": value("p_value", mcnemar_p_value),
    "newcombe_limits": limits(newcombe_limits),
    "newcombe_paired_limits": limits(newcombe_paired_limits),
    "paired_mean_difference": fields(paired_mean_difference, random=True),
    "power_of_mean": value("power", power_of_mean),
    "power_of_paired_rates": value("power", power_of_paired_rates),
    "power_of_rate": value("power", power_of_rate),
    "sign_flip_p_value": value("p_value", sign_flip_p_value, random=True),
    "signed_rank_p_value": value("p_value", signed_rank_p_value),
    "wilson": fields(wilson),
}


def number(value: object) -> object:
    """Turn the words that JSON has for infinities back into numbers."""
    if isinstance(value, list):
        return [number(item) for item in value]
    return float(value) if value in ("inf", "-inf") else value


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case['call']}: {case['name']}" for case in CASES]
)
def test_a_stored_case_is_reproduced(case):
    inputs = {name: number(value) for name, value in case["inputs"].items()}
    ours = CALLS[case["call"]](**inputs)
    expected = {name: number(value) for name, value in case["expected"].items()}
    for name, theirs in expected.items():
        # What the libraries sum or find by iteration; numbers near 0 are to 1e-12.
        assert ours[name] == pytest.approx(theirs, rel=1e-9, abs=1e-12), name


def test_every_case_names_the_program_and_version_that_computed_it():
    version = re.compile(r"\b(scipy|statsmodels|R) \d+\.\d+\.\d+")
    assert not [case for case in CASES if not version.search(case["source"])]


def test_no_call_and_no_source_of_cases_was_lost():
    counts = Counter(case["call"] for case in CASES)
    assert counts.keys() == CALLS.keys()
    assert len(CASES) >= 200
    sources = " ".join(case["source"] for case in CASES)
    assert all(name in sources for name in ("scipy", "statsmodels", "R 4."))

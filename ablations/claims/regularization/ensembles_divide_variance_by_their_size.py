"""Only the part of an error that differs between models averages out.

Models that learned from the same rows share the luck of these rows, so their answers
correlate, and the variance of their mean is rho + (1 - rho) / k of one model's.
"""

import math

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, ExactCheck
from ablations.rigs.readings import Said, equals
from ablations.rigs.regularization.ensembles import SETS, beside_one, ensemble
from ablations.rigs.regularization.noisy_labels import FEW_SEEDS, SOURCE
from ablations.rigs.regularization.readings import within_runs

SLACK = 0.32
"""Shortfall of log2 of the variance that counts as none: a quarter more."""


def _mean_of_ten(key: str, rho: float) -> ExactCheck:
    quantity = f"variance_ratio_at_{rho:g}".replace(".", "_")
    label = f"variance of the mean of ten over that of one, correlation {rho:g}"
    told: Said = {"key": key, "label": label, "at": ("correlation", rho)}
    # Sampling error is below 1 % of the expected tenth.
    return equals("variance_of_averages", quantity, 0.1, 0.005, **told)


def _falls(key: str, members: str, k: int, over: str = "sets") -> Comparison:
    scores, fall = beside_one(f"log2_variance_over_{over}", k), math.log2(k) - SLACK
    between = "training sets" if over == "sets" else over
    label = f"log2 of the variance between {between}, {k} models less one, {members}"
    told: Said = {"key": key, "label": label, "quick": False}
    return within_runs(ensemble(members, SETS), *scores, fall, "less", **told)


CLAIM = Claim(
    statement="Averaging k models divides their variance by k.",
    strength="always",
    rows=("A-REG-22",),
    source=f"{SOURCE}, dropout and ensembles",
    reference="Breiman (2001), Random forests; Hastie et al. (2009), section 15.2",
    core=(
        _mean_of_ten("independent", 0.0),
        _falls("seeds4", "same rows", 4, "seeds"),
        _falls("bagging_seeds4", "bagging", 4, "seeds"),
        _falls("sets4", "same rows", 4),
        _falls("sets8", "same rows", 8),
        _falls("bagging_sets4", "bagging", 4),
        _falls("bagging_sets8", "bagging", 8),
    ),
    beside=(
        _mean_of_ten("half", 0.5),
        _mean_of_ten("alike", 0.9),
        _falls("linear_seeds4", "linear, same rows", 4, "seeds"),
        _falls("linear_sets4", "linear, same rows", 4),
        _falls("linear_sets8", "linear, same rows", 8),
    ),
    seeds=FEW_SEEDS,
    answers={
        "core": "Yes: the variance of four networks together is a fourth of one's.",
        "!sets8 !half": (
            "No: over training sets, eight networks on the same rows keep far more than"
            " an eighth of one's variance; only between seeds does it divide."
        ),
    },
    how="Variances were computed of the mean of ten correlated numbers, and of the mean"
    " answers of up to eight networks on {sets8.n} times four training sets of 320"
    " rows.",
    caveats="Variance is of probabilities on 1,000 test rows.",
    figure="ensemble_variance",
)

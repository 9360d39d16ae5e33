"""Only the part of an error that differs between models averages out.

Models that learned from the same rows share the luck of these rows, so their answers
correlate, and the variance of their mean is rho + (1 - rho) / k of one model's.
"""

from ablations.measures.regularization.ensembles import CORRELATIONS, NUM_MODELS
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, ExactCheck
from ablations.rigs.regularization.ensembles import (
    MEMBERS,
    SEEDS,
    SETS,
    ensemble_arm,
    variance,
)
from ablations.rigs.regularization.noisy_labels import SOURCE

SLACK = 0.32
"""Shortfall of log2 of the variance that counts as none: a quarter more."""

MEMBERS_TRIED = ("same rows", "bagging", "linear, same rows")


def _name(members: str) -> str:
    return f"{members}, {SETS} sets"


def _falls(members: str, k: int, over: str) -> Comparison:
    return Comparison(
        label=f"variance over {over} of {k} is one {k}th, {members}",
        treatment=_name(members),
        control=_name(members),
        score=variance(k, over),
        control_score=variance(1, over),
        margin=k.bit_length() - 1 - SLACK,
        direction="less",
    )


TRAINED = (
    *(_falls(members, 4, "seeds") for members in MEMBERS_TRIED),
    *(_falls(members, k, "sets") for members in MEMBERS_TRIED for k in (4, MEMBERS)),
)

CLAIM = Claim(
    statement="Averaging k models divides their variance by k.",
    rows=("A-REG-22",),
    source=f"{SOURCE}, dropout and ensembles",
    reference=(
        "Breiman (2001), Random forests; Hastie, Tibshirani and Friedman (2009),"
        " section 15.2"
    ),
    arms={_name(members): ensemble_arm(members, SETS) for members in MEMBERS_TRIED},
    predictions=(
        *(
            ExactCheck(
                label=f"variance of the mean of ten, correlation {rho:g}",
                at=("correlation", rho),
                measurement="variance_of_averages",
                quantity=f"variance_ratio_at_{rho:g}".replace(".", "_"),
                expected=1.0 / NUM_MODELS,
                # Sampling error is below 1 % of it.
                tolerance=0.005,
            )
            for rho in CORRELATIONS
        ),
        *TRAINED,
    ),
    beyond_quick=tuple(p.label for p in TRAINED),
    seeds=SEEDS,
    findings={
        "conditional": (
            "The mean of ten numbers has {0} of the variance of one if they are"
            " independent, {1} at a correlation of 0.5 and {2} at 0.9. Networks on the"
            " same rows are independent over seeds: log2 of the variance changes by {3}"
            " with four of them. But over training sets it changes by {7} with eight,"
            " where one eighth would be -3, by {9} with bagging, and by {11} for linear"
            " ones ({3.n} seeds)."
        )
    },
    caveats=(
        "Variance is of probabilities on 1,000 test rows, within a training set of 320"
        " rows or between four of them; two ReLU layers of 64 units that memorize"
        " their rows, or none."
    ),
    figure="ensemble_variance",
)

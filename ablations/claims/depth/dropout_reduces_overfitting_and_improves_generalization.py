"""Dropout trains a crowd of thinned networks that share their weights.

None of them can rely on single units to remember mislabeled rows, which helps where
there are more units than the task needs and takes away needed ones where there are not.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.classical import TIE
from ablations.rigs.depth.recipes import BASICS, accuracy
from ablations.rigs.readings import compare, mostly
from ablations.rigs.regularization.dropout import shared_config
from ablations.rigs.regularization.families import (
    FRESH_SEEDS,
    HOW,
    SAME_ROWS,
    fits,
    over_families,
)
from ablations.rigs.regularization.readings import FORGOTTEN, MEMORIZES


def _arm(width: int, dropout: float) -> Arm:
    config = shared_config(width, dropout)
    return Arm(levels={"width": width, "dropout": dropout}, config=config)


def _both(width: int) -> tuple[Comparison, Comparison]:
    some, full, at = _arm(width, 0.5), _arm(width, 0.0), ("width", width)
    fit, gain = (accuracy("accuracy"), FORGOTTEN), (accuracy(), TIE)
    return (
        compare(some, "less", full, *fit, key=f"fit_{width}", at=at),
        compare(some, "greater", full, *gain, key=f"gain_{width}", at=at),
    )


CLAIM = Claim(
    statement="With dropout networks overfit less and do better on new data.",
    rows=("B-SOL-1",),
    source=f"{BASICS}, solutions to common problems",
    reference="Srivastava et al. (2014)",
    axis="labels",
    core=(
        *over_families("dropout", "plain"),
        *fits("dropout", "fit_", labels="wrong"),
    ),
    beside=(
        *fits("dropout", "fit_", labels="true"),
        *over_families("dropout_stopped", "plain_stopped", prefix="stopped_"),
        *_both(8),
    ),
    controls=(mostly(_arm(64, 0.0), MEMORIZES, key="memorize"),),
    standard_only=True,
    seeds=FRESH_SEEDS,
    answers={
        "core": "Yes: with dropout networks make at least a tenth fewer errors on new"
        " rows of all seven tasks, whether labels are true or not.",
        "!core": "No: with dropout networks do not make a tenth fewer errors on new"
        " rows of any task.",
        (
            "clusters_wrong !spirals_wrong !boxes_wrong !signals_wrong digits_wrong"
            " tumors_wrong survey_wrong ?clusters_true !spirals_true !boxes_true"
            " !signals_true !digits_true ?tumors_true ?survey_true fit_clusters_wrong"
            " fit_spirals_wrong fit_boxes_wrong fit_signals_wrong fit_digits_wrong"
            " fit_tumors_wrong fit_survey_wrong"
        ): (
            "Where labels are wrong, dropout saves at least a tenth of the errors"
            " on 4 of 7 tasks, but on spirals it adds many."
        ),
    },
    how=HOW,
    caveats=(
        f"{SAME_ROWS} To use none is not among the choices: on spirals even"
        " the weakest dropout makes more errors. Where both are stopped in"
        " time it surely saves a tenth on tumors alone."
    ),
)

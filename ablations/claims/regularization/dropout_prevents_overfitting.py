"""Dropout keeps single units from remembering single labels.

Whether that helps turns on what can be spared: a small network may lose what it needs,
and what is left of a large one may still be enough for all labels of few rows.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.rigs.readings import mostly
from ablations.rigs.regularization.dropout import DROPOUT, HALF
from ablations.rigs.regularization.families import (
    ARMS,
    FRESH_SEEDS,
    HOW,
    SAME_ROWS,
    over_families,
)
from ablations.rigs.regularization.noisy_labels import NOISY, noisy_config
from ablations.rigs.regularization.readings import MEMORIZES, fits_less, generalizes


def _network(rows: int, share: float = 0.0) -> Arm:
    config = noisy_config(task=NOISY.replace(num_train=rows), dropout=share)
    return Arm(levels={"dropout": share, "rows": rows}, config=config)


HALVES = _network(320, HALF), _network(320)
PLAIN_MEMORIZES = MEMORIZES.replace(quantity="accuracy_of_plain")

CLAIM = Claim(
    statement="Dropout prevents overfitting.",
    rows=("A-REG-32",),
    source=DROPOUT,
    reference="Hinton et al. (2012); Srivastava et al. (2014)",
    axis="labels",
    core=over_families("dropout", "plain"),
    beside=(
        *over_families("dropout_stopped", "plain_stopped", prefix="stopped_"),
        generalizes(*HALVES, key="rows320", at=("rows", 320)),
        fits_less(*HALVES, key="fit_rows320", at=("rows", 320)),
    ),
    controls=(
        mostly(ARMS["clusters", "wrong"], PLAIN_MEMORIZES, key="memorize", quick=False),
    ),
    seeds=FRESH_SEEDS,
    answers={
        "core": "Yes: with units dropped, networks make at least a tenth fewer errors"
        " on new rows of all seven tasks, whether labels are true or not.",
        "!core": "No: with units dropped, networks do not make a tenth fewer errors on"
        " new rows of any task.",
        (
            "clusters_wrong !spirals_wrong !boxes_wrong !signals_wrong digits_wrong"
            " tumors_wrong survey_wrong ?clusters_true !spirals_true !boxes_true"
            " !signals_true !digits_true ?tumors_true ?survey_true"
        ): (
            "With wrong labels dropout saves a tenth of errors or more on 4 of 7"
            " tasks; on spirals it adds many, whatever the labels."
        ),
    },
    how=HOW,
    caveats=(
        f"{SAME_ROWS} To use none is not among the choices: on spirals even the weakest"
        " dropout makes more errors. Where both are stopped in time it gains less."
    ),
)

"""Members that bend around single rows bend in ways of their own, which average out.

What they share stays: the rows themselves, or all of it where training finds one best
model whatever the start.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.readings import mostly
from ablations.rigs.regularization.ensembles import MEMBERS_OF, beside_one, ensemble
from ablations.rigs.regularization.families import (
    FRESH_SEEDS,
    HOW,
    over_families,
)
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import MEMORIZES, generalizes, within_runs

SAME, BAGGING, LINEAR, LINEAR_BAGGING = map(ensemble, MEMBERS_OF)
GAIN, TWO = (beside_one("test_accuracy", k) for k in (8, 2))
ONE_MEMORIZES = MEMORIZES.replace(quantity="accuracy_of_1")

CLAIM = Claim(
    statement="Several unlike models that answer together overfit less than one of"
    " them.",
    rows=("A-REG-23",),
    source=f"{SOURCE}, dropout and ensembles",
    reference="Hansen and Salamon (1990); Breiman (1996), Bagging predictors",
    axis="labels",
    core=over_families("together", "plain"),
    beside=(
        within_runs(SAME, *TWO, key="two"),
        within_runs(LINEAR, *GAIN, key="linear", quick=False),
        within_runs(LINEAR_BAGGING, *GAIN, key="linear_bagging", quick=False),
        generalizes(BAGGING, SAME, GAIN[0], key="own_rows", quick=False),
    ),
    controls=(mostly(SAME, ONE_MEMORIZES, key="memorize"),),
    seeds=FRESH_SEEDS,
    answers={
        "core": "Yes: five networks that answer together make at least a tenth fewer"
        " errors than one of them, on all seven tasks.",
        "!core": "No: five networks that answer together do not make a tenth fewer"
        " errors than one of them, on any task.",
        (
            "clusters_wrong !spirals_wrong !boxes_wrong !signals_wrong digits_wrong"
            " ?tumors_wrong !survey_wrong clusters_true ?spirals_true !boxes_true"
            " !signals_true ?digits_true !tumors_true !survey_true"
        ): (
            "Five networks together save a tenth of errors or more on clusters,"
            " and on digits with wrong labels; in 8 of 14 settings less."
        ),
    },
    how=HOW,
    caveats="The five differ in weights and batches, and have the same rows. One is"
    " the mean of the five. Eight networks on rows drawn anew stand beside.",
)

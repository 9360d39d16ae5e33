"""A network needs large weights to bend around single rows, so a penalty forbids that.

Too weak a penalty changes nothing, too strong a one forbids what the classes need as
well, and the size of a kernel before batch norm does not change what the network
computes, where a penalty may act on the output layer and on the size of steps.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.readings import Said, compare, mostly, trend
from ablations.rigs.regularization import penalties as rig
from ablations.rigs.regularization.families import (
    FRESH_SEEDS,
    HOW,
    SAME_ROWS,
    over_families,
)
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import MEMORIZES, fits_less, generalizes

SETTINGS = {"descent": "gradient descent", "norm": "batch norm", "true": "true labels"}
ARMS = {
    key: (rig.judged(rig.GOOD, setting), rig.judged(0.0, setting))
    for key, setting in {"adam": rig.ADAM, **SETTINGS}.items()
}
GOOD, PLAIN = ARMS["adam"]
PRINTED, *_ = WEAKER = [rig.penalized(l2) for l2 in rig.STRENGTHS[:-1]]
SMOOTH = rig.ROUGHNESS, rig.FACTOR


def _smoother(key: str) -> Comparison:
    good, plain = ARMS[key]
    return compare(good, "less", plain, *SMOOTH, key=f"smooth_{key}", quick=False)


def _dose(l2: float) -> Comparison:
    key, at = f"l2_{l2:g}".replace(".", "_"), ("penalty", l2)
    told: Said = {"key": key, "at": at, "family": True, "quick": l2 == 0.01}
    return generalizes(rig.penalized(l2), PLAIN, **told)


CLAIM = Claim(
    statement="An L2 penalty prevents overfitting: it makes models smoother and better"
    " on new data.",
    rows=("A-REG-8",),
    source=f"{SOURCE}, L2 regularization",
    reference="Krogh and Hertz (1992); van Laarhoven (2017), on batch norm",
    axis="labels",
    core=(
        *over_families("l2", "plain"),
        *map(_smoother, SETTINGS),
        trend((PLAIN, *WEAKER), "falls", *SMOOTH, key="smoother", quick=False),
    ),
    beside=(
        *over_families("l2_stopped", "plain_stopped", prefix="stopped_"),
        generalizes(GOOD, PLAIN, key="adam"),
        *(_dose(l2) for l2 in rig.STRENGTHS if l2 != rig.GOOD),
        fits_less(PRINTED, PLAIN, key="fit_printed", quick=False),
        fits_less(GOOD, PLAIN, key="fit_good", quick=False),
    ),
    controls=(mostly(PLAIN, MEMORIZES, key="memorize"),),
    seeds=FRESH_SEEDS,
    answers={
        "core": "Yes: under a penalty networks make at least a tenth fewer errors on"
        " new rows of all seven tasks, whether labels are true or not.",
        "!core": "No: under a penalty networks do not make a tenth fewer errors on new"
        " rows of any task.",
        (
            "clusters_wrong !spirals_wrong !boxes_wrong !signals_wrong digits_wrong"
            " !tumors_wrong survey_wrong !clusters_true !spirals_true !boxes_true"
            " !signals_true !digits_true ?tumors_true ?survey_true"
        ): (
            "With wrong labels a penalty saves a tenth of errors or more on 3 of"
            " 7 tasks; with true ones errors on spirals double."
        ),
    },
    how=HOW,
    caveats=(
        f"{SAME_ROWS} To use none is not among the choices: on spirals with true labels"
        " even the weakest penalty makes more errors. On clusters networks are smoother"
        " with one, but rougher where labels are true; roughness is how fast"
        " probabilities change with the inputs at test rows."
    ),
    figure="penalty_curve",
)

"""A fully connected network treats pixels as it treats any other columns.

It has no use for the layout of an image, and from a few hundred rows kernels and trees
find smoother or sharper rules with less to tune.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Interaction
from ablations.rigs.depth import classical as rig
from ablations.rigs.depth.classical import beats, classical, network
from ablations.rigs.depth.recipes import SEEDS, accuracy
from ablations.rigs.readings import Said, interaction

MARGIN = 0.005
"""Half a point of accuracy; as a share of the variance where numbers are predicted."""

RIVALS = {
    "digits": (rig.DIGITS, "rbf_svm"),
    "cancer": (rig.CANCER, "logistic_regression"),
    "wine": (rig.WINE, "ridge"),
    "diabetes": (rig.DIABETES, "rbf_svm"),
    "boxes": (rig.BOXES, "gradient_boosting"),
}
"""Tasks with the classical model that did best on validation rows of other seeds."""

BEST = {name: classical(model, task) for name, (task, model) in RIVALS.items()}
NETWORKS = {name: network(task, 2) for name, (task, _) in RIVALS.items()}
FOREST = classical("random_forest", rig.DIGITS)
SHUFFLED = network(rig.SHUFFLED, 2)


def _wins(task: str) -> Comparison:
    ours, theirs = NETWORKS[task], BEST[task]
    return beats(ours, theirs, MARGIN, key=task, quick=task == "digits")


def _gains_more(task: str) -> Interaction:
    """Set the gain on pixels against that on tables with enough test rows."""
    arms = BEST[task], NETWORKS[task], BEST["digits"], NETWORKS["digits"]
    label = f"gain in accuracy by networks on digits less that on {task}"
    told: Said = {"key": f"pixels_{task}", "label": label, "at": ("task", "digits")}
    told |= {"differs_in": ("data", "tuning"), "quick": False}
    return interaction(arms, accuracy(), MARGIN, **told)


CLAIM = Claim(
    statement="Deep models surpass classical machine learning, above all on"
    " unstructured data.",
    rows=("A-INT-2",),
    source="Deep learning notes, introduction",
    reference="Grinsztajn et al. (2022)",
    axis="task",
    core=(*map(_wins, BEST), _gains_more("cancer"), _gains_more("boxes")),
    beside=(beats(NETWORKS["digits"], FOREST, MARGIN, key="forest", quick=False),),
    controls=(rig.matches(SHUFFLED, NETWORKS["digits"], 0.02, key="shuffled"),),
    seeds=SEEDS,
    answers={
        "!digits !cancer !wine !diabetes !boxes !pixels_cancer pixels_boxes": "Not"
        " settled: networks beat the best classical model on none of five tasks, but"
        " lose less on pixels than on one of two tables.",
        "core": "Yes: networks beat the best classical models, above all on pixels.",
        "!core": "No: networks beat the best classical model on none of five tasks.",
    },
    how="Networks of two layers, trained for 500 updates, and classical models,"
    " {shuffled.n} of each, were tuned on fewer than 600 rows of five tasks.",
    caveats="Fully connected networks; convolutional networks, large data sets, text"
    f" and sound are another matter. {rig.SAME_ROWS}",
)

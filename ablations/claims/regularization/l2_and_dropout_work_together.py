"""A penalty of 1e-4 is small beside a loss of about one, and changes little.

Dropout bears on false labels and on exact numbers alike, though a network can spare
units for the one and not for the other.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Interaction
from ablations.rigs.regularization import dropout as rig
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE, noisy_config
from ablations.rigs.regularization.readings import TIE, accuracy, generalizes

CLUSTERS, NUMBERS = "clusters", "numbers"
SCORES = {CLUSTERS: accuracy(), NUMBERS: rig.loss("test_squared_error")}


def _arm(parts: str, task: str, l2: float = rig.CODE_L2) -> Arm:
    penalty = l2 if parts in ("L2", "both") else 0.0
    drops = parts in ("dropout", "both")
    config = noisy_config if task == CLUSTERS else rig.regression_config
    return Arm(
        levels={"penalty": penalty, "dropout": drops, "task": task},
        config=config(l2=penalty, dropout=rig.CODE_RATES if drops else 0.0),
    )


def _change(treatment: str, control: str, task: str) -> Comparison:
    return generalizes(
        _arm(treatment, task),
        _arm(control, task),
        score=SCORES[task],
        key=f"{task}_{treatment}_{control}".lower(),
        label=f"change of {SCORES[task].words} from {control} to {treatment}, {task}",
        direction="greater" if task == CLUSTERS else "less",
        quick=(treatment, control, task) == ("both", "neither", CLUSTERS),
    )


def _together(task: str) -> Interaction:
    return Interaction(
        key=f"{task}_together",
        label=f"effect of L2 beside dropout, less its effect alone, {task}",
        neither=_arm("neither", task),
        first=_arm("L2", task),
        second=_arm("dropout", task),
        both=_arm("both", task),
        score=SCORES[task],
        margin=TIE,
        direction="no_less" if task == CLUSTERS else "no_greater",
        quick=False,
    )


def _parts(task: str) -> tuple[Comparison, ...]:
    return (
        _change("L2", "neither", task),
        _change("dropout", "neither", task),
        _change("both", "dropout", task),
        _change("both", "L2", task),
    )


CLAIM = Claim(
    statement=(
        "An L2 penalty of 1e-4 and dropout of 0.3 and 0.2 together make a network"
        " generalize better."
    ),
    rows=("A-REG-40",),
    source=f"{SOURCE}, code: regularization methods",
    reference="Srivastava et al. (2014), Dropout, section 6.5",
    axis="task",
    core=tuple(_change("both", "neither", task) for task in (CLUSTERS, NUMBERS)),
    beside=(
        *_parts(CLUSTERS),
        *_parts(NUMBERS),
        *map(_together, SCORES),
    ),
    controls=(
        generalizes(
            _arm("L2", CLUSTERS, 300 * rig.CODE_L2),
            _arm("neither", CLUSTERS),
            key="strong",
            label="gain from a penalty three hundred times as strong, clusters",
            quick=False,
        ),
    ),
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: together they raise test accuracy by {clusters_both_neither}"
            " percentage points on clusters, and reduce the error on numbers."
        ),
        "clusters_both_neither !numbers_both_neither": (
            "Not settled: together they raise test accuracy by {clusters_both_neither}"
            " percentage points on clusters, but do not reduce the error on numbers."
        ),
        "!core": "No: together they help neither on clusters nor on numbers.",
    },
    how=(
        "Networks with both, one or neither, {clusters_both_neither.n} each, took 1,500"
        " updates on 320 rows of clusters with false labels or of noisy numbers."
    ),
    caveats=(
        "Clusters: two ReLU layers of 64 units; numbers: layers of 128 and 64 as in the"
        " program, eight inputs, error in shares of the target's variance. Adam at a"
        " rate of 0.003."
    ),
    figure="effects",
)

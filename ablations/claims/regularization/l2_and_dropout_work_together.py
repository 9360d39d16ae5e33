"""A penalty of 1e-4 is small beside a loss of about one, and changes little.

Dropout bears on false labels and on exact numbers alike, though a network can spare
units for the one and not for the other.
"""

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Interaction
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.dropout import (
    CODE_L2,
    CODE_RATES,
    loss,
    regression_config,
)
from ablations.rigs.regularization.noisy_labels import (
    SEEDS,
    SOURCE,
    TIE,
    accuracy,
    noisy_config,
)

NEITHER, L2, DROPOUT, BOTH = "neither", "L2 of 1e-4", "dropout", "both"
PARTS: dict[str, dict[str, Any]] = {
    NEITHER: {},
    L2: {"l2": CODE_L2},
    DROPOUT: {"dropout": CODE_RATES},
    BOTH: {"l2": CODE_L2, "dropout": CODE_RATES},
}
CLUSTERS, NUMBERS = "clusters", "numbers"
STRONG = "three hundred times the penalty"


def _config(task: str, **parts: Any) -> ArmConfig:
    make = noisy_config if task == CLUSTERS else regression_config
    return make(**parts)


def _name(part: str, task: str) -> str:
    return f"{part}, {task}"


def _score(task: str) -> ScoreConfig:
    return accuracy() if task == CLUSTERS else loss("test_squared_error")


def _better(treatment: str, control: str, task: str) -> Comparison:
    return Comparison(
        label=f"{treatment} better than {control}, {task}",
        treatment=_name(treatment, task),
        control=_name(control, task),
        score=_score(task),
        margin=TIE,
        direction="greater" if task == CLUSTERS else "less",
    )


def _predictions(task: str) -> tuple[Comparison | Interaction, ...]:
    return (
        _better(L2, NEITHER, task),
        _better(DROPOUT, NEITHER, task),
        _better(BOTH, NEITHER, task),
        _better(BOTH, DROPOUT, task),
        _better(BOTH, L2, task),
        Interaction(
            label=f"neither takes from what the other adds, {task}",
            neither=_name(NEITHER, task),
            first=_name(L2, task),
            second=_name(DROPOUT, task),
            both=_name(BOTH, task),
            score=_score(task),
            margin=TIE,
            direction="no_less" if task == CLUSTERS else "no_greater",
        ),
    )


ALL = (*_predictions(CLUSTERS), *_predictions(NUMBERS))
TOGETHER = ALL[2].label
HELPS = Comparison(
    label="a penalty three hundred times as strong helps, clusters",
    treatment=STRONG,
    control=_name(NEITHER, CLUSTERS),
    score=accuracy(),
    margin=TIE,
)

CLAIM = Claim(
    statement=(
        "An L2 penalty of 1e-4 and dropout of 0.3 and 0.2 together make a network"
        " generalize better."
    ),
    rows=("A-REG-40",),
    source=f"{SOURCE}, code: regularization methods",
    reference="Srivastava et al. (2014), Dropout, section 6.5",
    arms={
        **{
            _name(part, task): Arm(config=_config(task, **fields))
            for task in (CLUSTERS, NUMBERS)
            for part, fields in PARTS.items()
        },
        STRONG: Arm(config=_config(CLUSTERS, l2=300 * CODE_L2)),
    },
    predictions=ALL,
    beyond_quick=tuple(p.label for p in (*ALL, HELPS) if p.label != TOGETHER),
    headline=TOGETHER,
    controls=(HELPS,),
    seeds=SEEDS,
    caveats=(
        "Clusters: two ReLU layers of 64 units, a fifth of 320 labels drawn anew;"
        " numbers: layers of 128 and 64 as in the program, 320 rows of eight inputs and"
        " a noisy target, error in shares of its variance. 1,500 updates by Adam at a"
        " rate of 0.003."
    ),
    figure="effects",
    findings={
        "conditional": (
            "Against neither, both together change test accuracy on clusters by {2}"
            " over {2.n} seeds, dropout alone by {1} and the penalty alone by {0};"
            " beside dropout the penalty adds {3}. On numbers both together change the"
            " test error by {8}, dropout alone by {7}, the penalty alone by {6}."
        )
    },
)

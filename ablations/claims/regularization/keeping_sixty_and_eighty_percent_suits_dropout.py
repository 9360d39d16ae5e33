"""Dropping inputs costs what they say, and costs little where others say the same.

Images and clusters in many dimensions have inputs to spare; of eight inputs that each
enter the target, none says what another does.
"""

from ablations.experiments.readouts.dropout import cell_metric
from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.prediction import Comparison, Direction, ScoreConfig
from ablations.rigs.regularization.dropout import (
    DROPOUT,
    FEW_SEEDS,
    digits_config,
    loss,
    regression_config,
)
from ablations.rigs.regularization.noisy_labels import (
    TIE,
    WIDTH,
    accuracy,
    noisy_config,
)

SURFACES: dict[str, ArmConfig] = {
    "clusters": noisy_config(),
    "digits": digits_config(),
    "eight inputs": regression_config((WIDTH, WIDTH)),
}
EXAMPLE, ALL_KEPT, INPUTS_ONLY = (0.6, 0.8), (1.0, 1.0), (1.0, 0.8)
"""Shares of hidden units and of inputs kept."""


def _is_numbers(name: str) -> bool:
    return SURFACES[name].task.is_regression


def _score(name: str, quantity: str) -> ScoreConfig:
    score = loss() if _is_numbers(name) else accuracy()
    return score.replace(quantity=quantity)


def _at(name: str, cell: tuple[float, float]) -> ScoreConfig:
    return _score(name, cell_metric("loss" if _is_numbers(name) else "accuracy", cell))


def _compare(
    label: str, name: str, score: ScoreConfig, other: ScoreConfig, *, beats: bool
) -> Comparison:
    direction: Direction
    if _is_numbers(name):
        direction = "less" if beats else "no_greater"
    else:
        direction = "greater" if beats else "no_less"
    return Comparison(
        label=f"{label}, {name}",
        treatment=name,
        control=name,
        score=score,
        control_score=other,
        margin=TIE,
        direction=direction,
    )


def _predictions(name: str) -> tuple[Comparison, ...]:
    example, plain = _at(name, EXAMPLE), _at(name, ALL_KEPT)
    metric = "loss" if _is_numbers(name) else "accuracy"
    best = _score(name, f"test_{metric}_of_best")
    return (
        _compare("better than no dropout", name, example, plain, beats=True),
        _compare("as good as the best pair", name, example, best, beats=False),
        _compare(
            "dropping a fifth of the inputs does no harm",
            name,
            _at(name, INPUTS_ONLY),
            plain,
            beats=False,
        ),
    )


ALL = tuple(p for name in SURFACES for p in _predictions(name))

CLAIM = Claim(
    statement=(
        "Keeping 60 % of the hidden units and 80 % of the inputs is a good example of"
        " retention."
    ),
    rows=("A-REG-30",),
    source=f"{DROPOUT}, how dropout works",
    reference="Srivastava et al. (2014), Dropout, section 4 and appendix A.4",
    arms={
        name: Arm(config=readout("retention_surface", config))
        for name, config in SURFACES.items()
    },
    predictions=ALL,
    beyond_quick=tuple(p.label for p in ALL if not p.label.endswith("clusters")),
    headline=ALL[0].label,
    controls=(
        _compare(
            "some dropout helps",
            "clusters",
            _score("clusters", "test_accuracy_of_best"),
            _at("clusters", ALL_KEPT),
            beats=True,
        ),
    ),
    seeds=FEW_SEEDS,
    caveats=(
        "Two ReLU layers of 64 units, 320 rows, 1,500 updates by Adam at one rate; a"
        " fifth of the labels of clusters and digits are drawn anew, the eight inputs"
        " come with noisy numbers. The best of twelve pairs is chosen on validation"
        " rows, for every seed."
    ),
    figure="retention_surface",
    findings={
        "conditional": (
            "Against no dropout the example changes test accuracy on clusters by {0}"
            " and on digits by {3}, over {0.n} seeds; against the pair that validation"
            " rows choose, by {1} and {4}. With eight inputs of which each one counts,"
            " it changes the test error by {6}, and dropping a fifth of the inputs"
            " alone by {8}."
        )
    },
)

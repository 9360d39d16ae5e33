"""Dropout keeps single units from remembering false labels.

Whether that helps turns on what can be spared: a small network may lose what it needs,
and what is left of a large one may still be enough for all labels of few rows.
"""

from collections.abc import Callable

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.regularization import dropout as rig
from ablations.rigs.regularization import readings
from ablations.rigs.regularization.noisy_labels import NOISY, noisy_config

PLACES: dict[str, tuple[int, int, float]] = {
    "rows320": (64, 320, rig.HALF),
    "rows80": (64, 80, rig.HALF),
    "rows1280": (64, 1280, rig.HALF),
    "narrow": (8, 300, rig.HALF),
    "wide": (256, 300, rig.HALF),
    "fifth": (64, 320, 0.2),
}
"""Units of a layer, training rows and the share dropped."""


def _arm(width: int, rows: int, share: float) -> Arm:
    config = (
        rig.shared_config(width, share)
        if rows == 300
        else noisy_config(task=NOISY.replace(num_train=rows), dropout=share)
    )
    return Arm(levels={"dropout": share, "width": width, "rows": rows}, config=config)


def _compare(
    predict: Callable[..., Comparison], key: str, words: str, place: str
) -> Comparison:
    width, rows, share = PLACES[place]
    return predict(
        _arm(width, rows, share),
        _arm(width, rows, 0.0),
        key=key,
        label=f"{words}, {100 * share:.0f} % of {width} units dropped, {rows:,} rows",
        quick=place == "rows320",
    )


def _gain(place: str) -> Comparison:
    words = "gain in test accuracy"
    return _compare(readings.generalizes, place, words, place)


def _fit(place: str) -> Comparison:
    words = "change of training accuracy"
    return _compare(readings.fits_less, f"fit_{place}", words, place)


CLAIM = Claim(
    statement="Dropout prevents overfitting.",
    rows=("A-REG-32",),
    source=rig.DROPOUT,
    reference="Hinton et al. (2012); Srivastava et al. (2014)",
    axis="rows",
    core=tuple(_gain(place) for place in PLACES if place != "narrow"),
    beside=(_gain("narrow"), *map(_fit, PLACES)),
    controls=(
        readings.mostly(
            _arm(64, 320, 0.0),
            readings.MEMORIZES,
            key="memorize",
            label="runs of 64 units that memorize without dropout",
        ),
    ),
    shown=(
        readings.mostly(
            _arm(8, 300, 0.0),
            readings.MEMORIZES,
            key="memorize8",
            label="runs of 8 units that memorize without dropout",
            quick=False,
        ),
    ),
    seeds=rig.FEW_SEEDS,
    answers={
        "core": (
            "Yes: with half of the units dropped test accuracy rises by {rows320}"
            " percentage points on 320 rows, and it rises in all five settings."
        ),
        "rows320 ?rows80 rows1280 ?wide ?fifth": (
            "Not settled: dropping half of the units adds {rows1280} percentage points"
            " on 1,280 rows; for few rows and wide networks the runs do not decide."
        ),
        "!core": "No: with units dropped, test accuracy does not rise by a point.",
    },
    how=(
        "Two ReLU layers with and without dropout, {rows320.n} networks each, took"
        " 1,500 updates on rows a fifth of whose labels are drawn anew."
    ),
    caveats=(
        "Adam at a rate of 0.003. Overfitting is what of the false labels is learned."
        " The runs on 300 rows are those that the chapter on depth reads."
    ),
    figure="effects",
)

"""Dropout keeps single units from remembering false labels.

Whether that helps turns on what can be spared: a small network may lose what it needs,
and what is left of a large one may still be enough for all labels of few rows.
"""

from ablations.protocol.arm import Arm, Level
from ablations.protocol.claim import Claim
from ablations.rigs.readings import mostly
from ablations.rigs.regularization.dropout import DROPOUT, HALF, shared_config
from ablations.rigs.regularization.noisy_labels import FEW_SEEDS, NOISY, noisy_config
from ablations.rigs.regularization.readings import MEMORIZES, fits_less, generalizes

PLACES: dict[str, tuple[int, int, float]] = {
    "rows320": (64, 320, HALF),
    "rows80": (64, 80, HALF),
    "rows1280": (64, 1280, HALF),
    "narrow": (8, 300, HALF),
    "wide": (256, 300, HALF),
    "fifth": (64, 320, 0.2),
}
"""Units of a layer, training rows and the share dropped."""
QUICK = "rows320"


def _network(width: int, rows: int, share: float = 0.0) -> Arm:
    """Return a network; those on 300 rows are read by the chapter on depth, too."""
    levels: dict[str, Level] = {"dropout": share, "width": width, "rows": rows}
    if rows == 300:
        return Arm(levels=levels, config=shared_config(width, share))
    task = NOISY.replace(num_train=rows)
    return Arm(levels=levels, config=noisy_config(task=task, dropout=share))


ARMS = {key: (_network(*p), _network(*p[:2])) for key, p in PLACES.items()}

CLAIM = Claim(
    statement="Dropout prevents overfitting.",
    rows=("A-REG-32",),
    source=DROPOUT,
    reference="Hinton et al. (2012); Srivastava et al. (2014)",
    axis="rows",
    core=tuple(
        generalizes(*arms, key=key, quick=key == QUICK)
        for key, arms in ARMS.items()
        if key != "narrow"
    ),
    beside=(
        generalizes(*ARMS["narrow"], key="narrow", quick=False),
        *(
            fits_less(*arms, key=f"fit_{key}", quick=key == QUICK)
            for key, arms in ARMS.items()
        ),
    ),
    controls=(mostly(_network(64, 320), MEMORIZES, key="memorize"),),
    shown=(mostly(_network(8, 300), MEMORIZES, key="memorize8", quick=False),),
    seeds=FEW_SEEDS,
    answers={
        "core": "Yes: dropping units raises test accuracy in all five settings.",
        "rows320 ?rows80 rows1280 ?wide ?fifth": (
            "Not settled: dropping half of the units adds {rows1280} percentage points"
            " of accuracy on 1,280 rows; for few rows and wide networks it is open."
        ),
        "!core": "No: with units dropped, test accuracy does not rise by a point.",
    },
    how="Networks of two ReLU layers took 1,500 updates with and without dropout,"
    " {rows320.n} each, on rows a fifth of whose labels are drawn anew.",
    caveats="Overfitting is what of the false labels is learned.",
)

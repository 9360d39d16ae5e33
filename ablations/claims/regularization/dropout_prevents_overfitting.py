"""Dropout keeps single units from remembering false labels.

Whether that helps turns on what can be spared: a small network may lose what it needs,
and what is left of a large one may still be enough for all labels of few rows.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.network_runs import ArmConfig
from ablations.rigs.regularization.dropout import (
    DROPOUT,
    FEW_SEEDS,
    HALF,
    MEMORIZES,
    fits_less,
    generalizes,
    mostly,
    shared_config,
)
from ablations.rigs.regularization.noisy_labels import NOISY, noisy_config

ROWS = (320, 80, 1280)
"""Training rows of 64 units."""

WIDTHS = (8, 256)
"""Units of a layer on 300 rows."""

SHARES = (HALF, 0.2)


def _place(width: int, rows: int) -> str:
    return f"{width} units, {rows:,} rows"


def _config(width: int, rows: int, share: float) -> ArmConfig:
    if rows == 300:
        return shared_config(width, share)
    return noisy_config(task=NOISY.replace(num_train=rows), dropout=share)


PLACES = (*((64, rows) for rows in ROWS), *((width, 300) for width in WIDTHS))
DROPPED = (
    *((width, rows, HALF) for width, rows in PLACES),
    (64, 320, 0.2),
)


def _plain(width: int, rows: int) -> str:
    return f"no dropout, {_place(width, rows)}"


def _dropped(width: int, rows: int, share: float) -> str:
    return f"{100 * share:.0f} % dropped, {_place(width, rows)}"


def _predictions(width: int, rows: int, share: float) -> tuple[Comparison, ...]:
    arms = _dropped(width, rows, share), _plain(width, rows)
    return fits_less(*arms), generalizes(*arms)


ALL = tuple(p for place in DROPPED for p in _predictions(*place))
QUICK = [p.label for p in ALL[:2]]
FEW_UNITS = mostly("8 units memorize without dropout", _plain(8, 300), MEMORIZES)

CLAIM = Claim(
    statement="Dropout prevents overfitting.",
    rows=("A-REG-32",),
    source=DROPOUT,
    reference="Hinton et al. (2012); Srivastava et al. (2014)",
    arms={
        **{
            _plain(width, rows): Arm(config=_config(width, rows, 0.0))
            for width, rows in PLACES
        },
        **{_dropped(*place): Arm(config=_config(*place)) for place in DROPPED},
    },
    predictions=ALL,
    beyond_quick=tuple(p.label for p in (*ALL, FEW_UNITS) if p.label not in QUICK),
    headline=QUICK[1],
    shown=(FEW_UNITS,),
    controls=(mostly("64 units memorize without dropout", _plain(64, 320), MEMORIZES),),
    seeds=FEW_SEEDS,
    caveats=(
        "Two ReLU layers, a fifth of the training labels drawn anew, 1,500 updates by"
        " Adam at a rate of 0.003. Overfitting is what of the false labels is learned."
        " The runs on 300 rows are those that the chapter on depth reads."
    ),
    figure="effects",
    findings={
        "conditional": (
            "Dropping half of 64 units changes training accuracy on 320 rows by {0} and"
            " test accuracy by {1}, on 1,280 rows by {4} and {5}, on 80 rows by {2} and"
            " {3}, over {1.n} seeds; of 256 units, on 300 rows, by {8} and {9}, of 8"
            " units by {6} and {7}."
        )
    },
)

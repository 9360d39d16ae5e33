"""That a loss was the smallest is known only once later ones were seen.

Training stops when the patience is used up, that many epochs after the best; what can
be kept is the best so far, and a later minimum is missed whenever the curve rises for
longer than the patience before it.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.readings import Said
from ablations.rigs.regularization import stopping as rig
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.readings import within_runs

LOWEST = rig.reading("test_loss_lowest", "test loss at the minimum")
ARMS = rig.samples()
CASES = [(key, patience) for key in ARMS for patience in rig.PATIENCES]


def _halts(patience: int) -> SuccessRate:
    words = f"make no epoch after the best so far, patience {patience}"
    told: Said = {"key": f"halts_{patience}_many", "headline": patience == 3}
    return rig.share(ARMS["many"], f"past_minimum_{patience}", words, at_most=0, **told)


def _keeps(key: str, patience: int) -> SuccessRate:
    words = f"keep the minimum of a long training, patience {patience}"
    told: Said = {"key": f"keeps_{patience}_{key}", "quick": key == "many"}
    return rig.share(ARMS[key], f"kept_lowest_{patience}", words, 1, **told)


def _is_as_good(key: str, patience: int) -> Comparison:
    words = f"test loss kept with patience {patience}"
    kept = rig.reading(f"test_loss_kept_{patience}", words)
    told: Said = {"key": f"good_{patience}_{key}", "quick": key == "many"}
    return within_runs(ARMS[key], kept, LOWEST, rig.RISE, "no_greater", **told)


CLAIM = Claim(
    statement="Training under early stopping ends exactly where the validation error is"
    " smallest.",
    strength="always",
    rows=("A-REG-15",),
    source=SOURCE,
    reference="Prechelt (1998), Early Stopping - But When?",
    core=(*map(_halts, rig.PATIENCES), *(_keeps(*case) for case in CASES)),
    beside=tuple(_is_as_good(*case) for case in CASES),
    seeds=SEEDS,
    answers={
        "!halts_3_many": (
            "No: {halts_3_many} networks end at the minimum; training goes on past it"
            " for as many epochs as the patience."
        ),
        "core": "Yes: training ends at the minimum, and keeps its weights.",
    },
    how="{halts_3_many.n} networks per setting learned 1,000 rows for 60 epochs or 100"
    " rows for 100, long past the ones at which two patiences would have stopped them.",
    caveats="Keeping the minimum needs `restore_best_weights`.",
    figure="early_stopping",
)

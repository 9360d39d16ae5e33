"""Who always says one half has a cross-entropy of ln 2, and needs no network for it.

On labels that have nothing to do with the inputs the best that training can do is to
come close to that; what it learns beyond is chance.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.readings import at_most
from ablations.rigs.regularization import stopping as rig
from ablations.rigs.regularization.noisy_labels import SOURCE

LOSS = "best_validation_loss_less_ln_2"
beats = partial(
    rig.share,
    quantity="test_loss_kept",
    words="keep a model better than a guess",
    at_most=rig.LN_2,
    bound=0.5,
)
CHANCE, LEARNABLE = rig.printed_program(), rig.printed_program(rig.LEARNABLE_ROWS)

CLAIM = Claim(
    statement="The printed run of early stopping ends with a useful model.",
    strength="always",
    rows=("A-REG-18",),
    source=f"{SOURCE}, output of the code",
    implied=True,
    core=(at_most("printed_log", LOSS, 0, key="printed"),),
    beside=(beats(CHANCE, key="chance"),),
    controls=(beats(LEARNABLE, key="learnable"),),
    seeds=rig.PRINTED_SEEDS,
    answers={
        "!printed !chance": "No: it ends worse than a guess, as all but {chance} do.",
        "printed": "Yes: its best printed loss is better than guessing one half.",
    },
    how="The printed losses, and {chance.n} runs on rows of the same shape.",
    caveats="That a demonstration shows a useful model is read into the notes.",
)

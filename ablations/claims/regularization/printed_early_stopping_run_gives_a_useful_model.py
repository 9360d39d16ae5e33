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
WORSE = "best printed validation loss less ln 2, that of a guess"
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
    core=(at_most("printed_log", LOSS, 0, key="printed", label=WORSE),),
    beside=(beats(CHANCE, key="chance"),),
    controls=(beats(LEARNABLE, key="learnable", quick=False),),
    seeds=rig.PRINTED_SEEDS,
    answers={
        "!printed !chance": (
            "No: its best validation loss is above that of a guess; on random"
            " labels only {chance} of such runs do better than chance."
        ),
        "printed": "Yes: its best printed loss is no worse than a guess.",
    },
    how="The printed losses were compared with the loss of a guess, as were {chance.n}"
    " runs of the program on rows of the same shape.",
    caveats="That a demonstration shows a useful model is read into the notes.",
)

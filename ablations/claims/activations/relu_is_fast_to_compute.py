"""ReLU compares each number with zero, where others take an exponential of it.

How long that takes depends on the library. An update consists mostly of products of
matrices, so that an activation that costs several times as much makes an update only a
little longer.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import BASICS, NOTES, OTHERS, takes_longer

CLAIM = Claim(
    statement="ReLU is very fast to compute.",
    rows=("A-ACT-16",),
    source=f"{NOTES}, ReLU; {BASICS}, ReLU",
    reference="Glorot, Bordes and Bengio (2011), Deep sparse rectifier neural networks",
    core=tuple(takes_longer("forward", other) for other in OTHERS),
    beside=tuple(
        takes_longer(part, other) for part in ("backward", "step") for other in OTHERS
    ),
    answers={
        "core step_tanh": "Yes: tanh takes at least {forward_tanh} times as long, and"
        " an update of two wide layers {step_tanh} times.",
        "core": "Yes: tanh takes at least {forward_tanh} times as long and the sigmoid"
        " {forward_sigmoid} times; whole updates may take hardly longer.",
        "!core": "No: sigmoid, tanh and ELU do not surely take longer.",
        "forward_sigmoid forward_elu !forward_tanh": (
            "Faster than ELU, which takes at least {forward_elu.least} times as long,"
            " and the sigmoid, {forward_sigmoid.least} times; not surely faster than"
            " tanh."
        ),
        "forward_tanh": "Faster than tanh, which takes at least {forward_tanh} times as"
        " long, but not surely than all others.",
        "!forward_tanh": "Not faster than tanh, as far as can be told.",
    },
    how="Activations of a layer of 256 units on 256 rows, and updates of two such"
    " layers, were timed in turn with those of ReLU.",
    caveats="Times are those of NumPy on one thread of one machine. Each ratio is the"
    " lower end of the 95 % interval of a median.",
)

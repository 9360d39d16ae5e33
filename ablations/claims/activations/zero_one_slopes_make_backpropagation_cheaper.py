"""The slope of ReLU is one comparison.

Those of sigmoid and tanh are products of the output, and that of ELU takes an
exponential or the output below zero. All are computed once for each unit and row, where
the products of matrices take hundreds of multiplications for each.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import BASICS, OTHERS, takes_longer

CLAIM = Claim(
    statement="The derivative of ReLU, 0 or 1, makes backpropagation cheaper.",
    rows=("B-ACT-7",),
    source=f"{BASICS}, ReLU",
    reference="Glorot, Bordes and Bengio (2011), Deep sparse rectifier neural networks",
    core=tuple(takes_longer("backward", other) for other in OTHERS),
    beside=tuple(takes_longer("step", other) for other in OTHERS),
    answers={
        "core step_tanh": "Yes: the slope of tanh takes at least {backward_tanh} times"
        " as long, and a whole update {step_tanh} times.",
        "core !step_tanh": "Yes, where slopes are computed: that of tanh takes at least"
        " {backward_tanh} times as long; a whole update takes hardly longer.",
        "!core": "No: the slopes of sigmoid, tanh and ELU do not surely take longer.",
        "backward_elu !backward_sigmoid !backward_tanh": "Compared with ELU, whose"
        " slope takes at least {backward_elu} times as long; compared with the sigmoid"
        " and tanh, not surely.",
        "backward_sigmoid !backward_tanh": (
            "Only of the slope itself: that of the sigmoid takes at least"
            " {backward_sigmoid.least} times as long; that of tanh, and whole updates,"
            " not surely longer."
        ),
        "backward_tanh": "Compared with tanh, whose slope takes at least"
        " {backward_tanh} times as long; compared with all others, not surely.",
    },
    how="Gradients through a layer of 256 units on 256 rows, and updates of two such"
    " layers, were timed in turn with those of ReLU.",
    caveats="Times are those of NumPy on one thread of one machine. Each ratio is the"
    " lower end of the 95 % interval of a median.",
)

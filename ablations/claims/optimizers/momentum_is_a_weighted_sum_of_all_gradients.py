"""Every update multiplies the velocity by the coefficient and adds a gradient.

So a gradient has been multiplied once for each update since its own.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.optimizers import MOMENTUM
from ablations.rigs.readings import agrees, at_least

SUMS = "velocity_sums"


def _is_the_sum(update: int) -> ExactCheck:
    return agrees(
        *(SUMS, f"deviation_of_velocity_{update}"),
        key=f"update_{update}",
        label=f"deviation of Keras's update {update} from the printed sum",
        at=("update", update),
    )


CLAIM = Claim(
    statement="The velocity of momentum is the learning rate times the sum of all"
    " gradients so far, each multiplied by the coefficient once for every update"
    " since.",
    strength="always",
    rows=("A-OPT-18",),
    source=f"{MOMENTUM}, unrolled velocity",
    reference="Polyak (1964), Some methods of speeding up the convergence of iteration"
    " methods",
    axis="update",
    core=tuple(_is_the_sum(update) for update in (1, 2, 3, 50)),
    beside=(
        agrees(
            *(SUMS, "deviation_with_nesterovs_look_ahead"),
            key="nesterov",
            label="deviation from the printed sums with Nesterov's look-ahead",
        ),
    ),
    controls=(
        at_least(
            *(SUMS, "deviation_of_sums_without_weights", 0.1),
            key="unweighted",
            label="deviation of sums in which all gradients count alike",
        ),
    ),
    answers={
        "core !nesterov": "Yes: updates of Keras are these sums, to six digits; with"
        " Nesterov's look-ahead they are not.",
        "core": "Yes: updates of Keras are these sums, to six digits.",
        "!core": "No: no update of Keras is such a sum.",
    },
    how="The printed sums were compared with 50 updates of Keras with a coefficient of"
    " 0.9, for random gradients.",
    caveats="The learning rate is the same throughout; under decay each gradient keeps"
    " the rate that it came with.",
)

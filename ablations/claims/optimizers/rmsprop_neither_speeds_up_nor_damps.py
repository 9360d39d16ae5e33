"""RMSProp divides each gradient by its usual size, and adds none of them up.

Its step is about the learning rate, on any even slope and from side to side.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.landscapes import NOTES
from ablations.rigs.readings import at_least, at_most, equals

BESIDE = "rmsprop_beside_momentum"
FORMS = {"rmsprop": "as printed", "rmsprop_of_keras": "as in Keras"}
FASTER = "!plateau_rmsprop !plateau_rmsprop_of_keras"
CALMER = "!ravine_rmsprop !ravine_rmsprop_of_keras"
LATER = "later_rmsprop later_rmsprop_of_keras"


def _is_slow(rule: str) -> ExactCheck:
    """Predict a distance over a plateau that is no longer than momentum's."""
    return at_most(
        *(BESIDE, f"plateau_of_{rule}_over_momentum", 1.0),
        key=f"plateau_{rule}",
        label=f"distance over a plateau, RMSProp over momentum, {FORMS[rule]}",
        at=("place", "plateau"),
    )


def _swings(rule: str) -> ExactCheck:
    """Predict swings across a ravine that are no smaller than momentum's."""
    return at_least(
        *(BESIDE, f"early_swings_of_{rule}_over_momentum", 1.0),
        key=f"ravine_{rule}",
        label=f"swings in the first 100 updates, RMSProp over momentum, {FORMS[rule]}",
        at=("place", "ravine, first updates"),
    )


def _keeps_swinging(rule: str) -> ExactCheck:
    """Predict later swings of a tenth of the start beyond those of momentum."""
    return at_least(
        *(BESIDE, f"late_swings_of_{rule}_beyond_momentum", 0.1),
        key=f"later_{rule}",
        label=f"swings in updates 401 to 500, RMSProp less momentum, {FORMS[rule]}",
        at=("place", "ravine, later updates"),
    )


CLAIM = Claim(
    statement="Without momentum RMSProp can neither speed up through flat regions nor"
    " damp oscillations.",
    strength="always",
    rows=("A-OPT-33",),
    source=f"{NOTES}, RMSProp, limitation",
    reference="Tieleman and Hinton (2012), Lecture 6.5; Kingma and Ba (2015), Adam",
    axis="place",
    core=(
        *(_is_slow(rule) for rule in FORMS),
        *(_swings(rule) for rule in FORMS),
        *(_keeps_swinging(rule) for rule in FORMS),
        at_most(
            *(BESIDE, "last_step_over_the_first_of_rmsprop", 1.0),
            key="speed",
            label="last step over the first under equal gradients, RMSProp",
            at=("place", "even slope"),
        ),
        equals(
            *(BESIDE, "step_under_changing_signs_of_rmsprop", 1.0, 1e-6),
            key="cancel",
            label="step under changing signs over that under equal ones, RMSProp",
            at=("place", "changing signs"),
        ),
    ),
    controls=(
        equals(
            BESIDE, "step_under_changing_signs_of_momentum", 1 / 19, 1e-6, key="cancels"
        ),
        equals(
            BESIDE, "last_step_over_the_first_of_momentum", 10.0, 1e-6, key="speeds_up"
        ),
    ),
    answers={
        "core": "Yes: it gets no farther than momentum over a plateau, and swings no"
        " less across a ravine.",
        f"{FASTER} {CALMER} {LATER}": "No: it outruns momentum on a plateau and at"
        " first swings less in a ravine; only later it keeps swinging where momentum"
        " rests.",
        FASTER: "No: at equal rates it gets farther over a plateau than momentum, as"
        " printed and as in Keras.",
        "!plateau_rmsprop plateau_rmsprop_of_keras": "No: at equal rates RMSProp"
        " as printed gets farther over a plateau than momentum; as in Keras it does"
        " not.",
        CALMER: "Not both: at first RMSProp swings less across a ravine than momentum.",
    },
    how="Distances over a slope of a millionth and swings across a steep valley were"
    " computed for both rules at equal rates.",
    caveats="Speeding up and damping are read as compared with momentum.",
)

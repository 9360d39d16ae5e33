"""RMSProp divides each gradient by its usual size, and adds none of them up.

So it walks over a plateau at the pace of a slope without gaining speed. Across a ravine
its first steps are small, and its last ones no smaller.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.landscapes import NOTES
from ablations.rigs.readings import at_least, at_most, equals

BESIDE = "rmsprop_beside_momentum"
FORMS = {"printed": "rmsprop", "keras": "rmsprop_of_keras"}


def _is_slow(form: str, other: str, key: str = "plateau") -> ExactCheck:
    """Predict a distance over a plateau that is no longer than another rule's."""
    return at_most(
        BESIDE,
        f"plateau_of_{FORMS[form]}_over_{other}",
        1.0,
        key=f"{key}_{form}",
        label=f"distance over a plateau, RMSProp ({form}) over {other}",
        at=("place", "plateau"),
    )


def _swings(form: str, other: str, key: str = "ravine") -> ExactCheck:
    """Predict swings across a ravine that are no smaller than another rule's."""
    return at_least(
        BESIDE,
        f"early_swings_of_{FORMS[form]}_over_{other}",
        1.0,
        key=f"{key}_{form}",
        label=f"swings in 100 updates across a ravine, RMSProp ({form}) over {other}",
        at=("place", "ravine, first updates"),
    )


def _keeps_swinging(form: str) -> ExactCheck:
    """Predict later swings of a tenth of the start beyond those of momentum."""
    return at_least(
        BESIDE,
        f"late_swings_of_{FORMS[form]}_beyond_momentum",
        0.1,
        key=f"later_{form}",
        label=f"swings in updates 401 to 500, RMSProp ({form}) less momentum",
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
        *(_is_slow(form, "momentum") for form in FORMS),
        *(_swings(form, "momentum") for form in FORMS),
        *(_keeps_swinging(form) for form in FORMS),
    ),
    beside=(
        *(_is_slow(form, "sgd", "plateau_by_sgd") for form in FORMS),
        *(_swings(form, "sgd", "ravine_by_sgd") for form in FORMS),
        at_most(BESIDE, "speeded_up_by_rmsprop", 1.0, key="speed"),
        equals(BESIDE, "cancelled_by_rmsprop", 1.0, 1e-6, key="cancel"),
    ),
    controls=(
        equals(BESIDE, "cancelled_by_momentum", 1 / 19, 1e-6, key="momentum_cancels"),
        equals(BESIDE, "speeded_up_by_momentum", 10.0, 1e-6, key="momentum_speeds_up"),
    ),
    answers={
        "core": "Yes: it gets no farther than momentum over a plateau, and swings no"
        " less across a ravine.",
        "!core": "No: it gets farther than momentum over a plateau and swings less"
        " across a ravine, early and late.",
        "!plateau_printed !plateau_keras !ravine_printed !ravine_keras later_printed"
        " later_keras": "No: it outruns momentum on a plateau and at first swings less"
        " in a ravine; only later it keeps swinging where momentum rests.",
        "!plateau_printed !plateau_keras": "No: at equal rates it gets farther over a"
        " plateau than momentum, as printed and as in Keras.",
        "!plateau_printed plateau_keras": "No: at equal rates RMSProp as printed gets"
        " farther over a plateau than momentum; as in Keras it does not.",
        "plateau_printed plateau_keras !ravine_printed !ravine_keras": "Not both: it"
        " gets no farther over a plateau than momentum, but at first swings less across"
        " a ravine.",
    },
    how="Distances over a slope of a millionth and swings across a steep valley were"
    " computed for both rules at equal rates.",
    caveats="Speeding up and damping are read as compared with momentum. By itself"
    " RMSProp adds up no gradients: equal ones do not make its steps grow.",
)

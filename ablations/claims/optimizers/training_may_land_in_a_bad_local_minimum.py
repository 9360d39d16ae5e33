"""Where gradients vanish, training ends, whether or not a lower minimum is elsewhere.

With two hidden units XOR needs both in the right places. Every further unit is another
draw, and a way out.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Equivalence, SuccessRate, TimeToTarget
from ablations.protocol.score import ScoreConfig
from ablations.rigs.landscapes import NOTES
from ablations.rigs.league import networks as league
from ablations.rigs.readings import alike, mostly, rarely
from ablations.rigs.xor import LONG, SMALLEST_EFFECT, network

NAMES = {"relu": "ReLU", "leaky": "leaky ReLU"}
FEW, MANY, SOON, LATE = 2, 16, 500, 2000
GOOD = ScoreConfig(quantity="loss", at_most=0.001, words="reach a loss of 0.001")
STILL = ScoreConfig(
    quantity="first_gradient", at_most=-2.0, words="end with a gradient below 0.01"
)
POOR = ScoreConfig(
    quantity="accuracy", at_most=0.9, words="learn 90 % of the rows at most"
)
DIGITS = league.network("ReLU", "digits").replace(max_seeds=20)


def _stuck(at: int | None = None) -> ScoreConfig:
    """Return "success": a loss far above zero, which two units can reach."""
    words = "have a loss of 0.05 or more" + (f" after {at:,} updates" if at else "")
    return ScoreConfig(quantity="loss", at=at, at_least=0.05, words=words)


def _stays(key: str, name: str) -> Equivalence:
    """Predict that 3,000 further updates free next to no run."""
    arm, margin = network(name, FEW), SMALLEST_EFFECT
    label = f"share stuck after 5,000 updates less that after 2,000, {name}"
    return alike(
        *(arm, arm, _stuck(LONG), margin, _stuck(LATE)),
        key=f"stays_{key}",
        label=label,
        differs_in=("budget",),
    )


def _still(key: str, name: str) -> SuccessRate:
    """Predict that next to no run, stuck or not, still has a slope to go down."""
    arm = network(name, FEW, num_steps=LONG, probes=("kernel_gradient_norm",))
    arm = arm.with_levels(probes="gradients recorded").replace(max_seeds=2000)
    return mostly(arm, STILL, 0.95, key=f"still_{key}", quick=False)


def _slow(key: str, name: str) -> TimeToTarget:
    return TimeToTarget(
        key=f"slow_{key}",
        treatment=network(name, FEW),
        control=network(name, MANY),
        score=GOOD,
        budget=SOON,
        margin=1.0,
        direction="greater",
    )


CLAIM = Claim(
    statement="A loss surface has several local minima, and training may not land in"
    " one that is good enough.",
    strength="can",
    rows=("A-OPT-3",),
    source=f"{NOTES}, issues with non-convex surfaces",
    reference="Świrszcz, Czarnecki and Pascanu (2016), Local minima in training of"
    " neural networks; Dauphin et al. (2014)",
    axis="activation",
    core=tuple(
        mostly(network(name, FEW), _stuck(), 0.05, key=f"stuck_{key}")
        for key, name in NAMES.items()
    ),
    beside=(
        *(
            prediction
            for key, name in NAMES.items()
            for prediction in (
                *(_stays(key, name), _still(key, name), _slow(key, name)),
                rarely(network(name, MANY), _stuck(), 0.01, key=f"wide_{key}"),
                mostly(network(name, FEW), GOOD, 0.05, key=f"good_{key}"),
            )
        ),
        rarely(DIGITS, POOR, 0.2, key="digits", quick=False),
    ),
    answers={
        "core wide_relu wide_leaky": "Yes, with few units: {stuck_relu} of networks"
        " with two ReLU units get stuck at a high loss on XOR, with sixteen hardly"
        " any.",
        "core": "Yes: with two hidden units {stuck_relu} of ReLU networks get stuck at"
        " a high loss on XOR, and {stuck_leaky} of leaky ones.",
        "!core": "No: with two hidden units hardly any network gets stuck at a high"
        " loss on XOR, be it of ReLU or of leaky ReLU.",
        "stuck_relu": "Yes, with ReLU: with two hidden units {stuck_relu} of networks"
        " get stuck at a high loss on XOR.",
        "stuck_leaky": "Yes, with leaky ReLU: with two hidden units {stuck_leaky} of"
        " networks get stuck at a high loss on XOR.",
    },
    how="Of every network {stuck_relu.n} were trained on the four rows of XOR, those"
    " with two hidden units for 5,000 updates.",
    caveats="Stuck is a loss of 0.05 or more at the end; whether 3,000 more updates"
    " help and whether a slope is left stands beside. Dead units count, too. The runs"
    " were there already, with the share that solves XOR.",
)

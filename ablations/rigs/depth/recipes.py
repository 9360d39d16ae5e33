"""Deep networks under an old recipe, and what rescues them.

The old recipe is 20 hidden layers of 64 sigmoid units with small uniform weights,
U(-0.05, 0.05), trained by plain gradient descent. Each of five switches turns one
ingredient into its modern form: ReLU, an initializer matched to the activation (He for
ReLU, Glorot else), Adam, batch norm before the activation, and a skip connection around
every hidden layer. Every arm classifies 10 clusters in 20 dimensions, drawn anew for
each seed, with a learning rate of its own.

The levels of an arm from `recipe` are `ReLU`, `matched weights`, `Adam`, `batch norm`
and `skips`, on or off; where all are off, `recipe` is "old recipe", unless both the
activation and the weights are given, which are its only levels then. Behind them stand
the levels of what else is given, as `levels_of` names them: `activation`,
`initializer`, `gain`, `bias`, `optimizer`, `width`, `depth`, `dropout`, `penalty`,
`rate`, `updates`, `clip`, `clip at`, `frozen layers`. Where one is not there, it is as
in the old recipe: depth 20, width 64, 500 updates.

Networks with batch norm are judged, and their rates chosen, with its mean and variance
over all training rows, taken anew at every record. Keras's moving averages, of momentum
0.99, lag in so short trainings; the accuracy of training rows with them is recorded,
too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Unpack

from ablations.protocol.arm import Arm, Level, TuneConfig
from ablations.protocol.claim import SeedPlan
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.prediction import Prediction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import Told, compare, mostly, rarely, shown, until, when
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import InitializerConfig, MLPConfig, one_of

Changes = dict[str, Any]
"""Arguments of `deep_config`, by name."""

SWITCHES = ("ReLU", "init", "Adam", "batch norm", "skip")
"""What turns the old recipe into the modern one, in the order of names."""

NAMES = {"init": "matched weights", "skip": "skips"}
"""What switches are called in sentences, where that is not their name."""

DEPTH, WIDTH, BATCH_SIZE, NUM_STEPS, LONG = 20, 64, 32, 500, 2000
"""`LONG` are updates of arms that show whether the others were only slow."""

LOG_STEPS = (0, 200, 500, 1000, 2000)
"""Numbers of updates at which deep runs are recorded."""

SMALL = InitializerConfig(name="uniform", scale=0.05)
"""The small uniform weights of the old recipe."""

RATES = {
    "sgd": (0.003, 0.01, 0.03, 0.1, 0.3),
    "momentum": (0.0003, 0.001, 0.003, 0.01, 0.03),
    "rmsprop": (0.0001, 0.0003, 0.001, 0.003, 0.01),
    "adam": (0.0001, 0.0003, 0.001, 0.003, 0.01),
}
"""Five learning rates per optimizer, a factor of about 3 apart."""

TINY_RATES = (0.00001, 0.0001, 0.001, 0.01, 0.1)
"""Rates for networks whose gradients explode, so that none fails for want of small
ones; what they are compared with tries the same."""

CHANCE, LEARNS = 0.1, 0.5
"""Accuracy of guessing one of ten classes, and one that counts as having learned."""

SEEDS = SeedPlan(quick=10, standard=20, full=100)
"""Deep runs are expensive, and most effects here are all or nothing."""

FRESH_SEEDS = SEEDS.replace(first=1_000)
"""Seeds of claims that first judged batch norm by moving averages, of seeds below."""

LATER_SEEDS = SEEDS.replace(first=3_000)
"""Seeds of claims that were first judged after 500 updates alone."""

NOTES = "Deep learning notes, chapter 1, algorithmic advances"
BASICS = "Basics of deep learning"

LEARNING = "To learn is to classify half of the training rows correctly."
AT_INFERENCE = (
    "Accuracy with batch norm is at inference, with mean and variance of all training"
    " rows. Keras's moving averages, of momentum 0.99, lag far behind after 500"
    " updates: judged by them most such networks still fail."
)
OWN_RATE = (
    "Every network has its own learning rate: of those within two points of the best"
    " accuracy on tuning seeds, the one nearest to the middle of the rates tried. So a"
    " small difference may be the rate's."
)
"""Caveats that several claims share, a sentence each."""

CLUSTERS = TaskConfig(name="gmm10", num_train=1024, num_val=512, num_test=1024)
"""Ten classes of four clusters each, for questions of trainability."""

PROBES = ("kernel_gradient_norm",)
"""What is recorded under plain gradient descent; under Adam it is slow to compile."""

WORDS = {
    "relu": "ReLU",
    "uniform": "small weights",
    "glorot_uniform": "Glorot weights",
    "glorot_normal": "Glorot weights",
    "he_normal": "He weights",
    "orthogonal": "orthogonal weights",
    "sgd": "SGD",
    "rmsprop": "RMSProp",
    "adam": "Adam",
}
"""Activations, initializers and optimizers whose name is not what they are called."""

FACTORS = {
    "activation": "activation",
    "initializer": "initializer",
    "bias_start": "bias",
    "optimizer": "optimizer",
    "batch_norm": "batch norm",
    "skip": "skip",
    "width": "width",
    "depth": "depth",
    "dropout": "dropout",
    "l2": "penalty",
    "learning_rate": "rate",
    "num_steps": "updates",
}
"""Factors that an arm's levels name, by arguments of `deep_config`."""


def levels_of(changes: Mapping[str, Any]) -> dict[str, Level]:
    """Return the arguments of `deep_config` that set an arm apart as its levels.

    The gain of weights is told where it is not 1.
    """
    levels: dict[str, Level] = {}
    for argument, factor in FACTORS.items():
        value = changes.get(argument)
        if factor in ("batch norm", "skip"):
            if argument in changes:
                levels[factor] = bool(value)
        elif isinstance(value, InitializerConfig):
            levels[factor] = WORDS[value.name]
            if value.gain != 1.0:
                levels["gain"] = round(value.gain, 3)
        elif value:
            levels[factor] = WORDS.get(str(value), value)
    for setting, value in (changes.get("training") or {}).items():
        if setting.startswith("clip_"):
            levels["clip"] = f"clipped by {setting[5:].replace('_', ' ')}"
            levels["clip at"] = value
        elif setting == "frozen_layers":
            levels["frozen layers"] = value
    return levels


def tuned(
    config: ArmConfig,
    levels: Mapping[str, Level],
    *,
    rates: tuple[float, ...] | None = None,
    **changes: Any,
) -> Arm:
    """Return an arm whose learning rate is the best of five on validation rows.

    Rates within two points of accuracy of the best count as equally good, and the one
    nearest to the middle of the grid is taken. This overrides the check that the best
    rate lies inside the grid: it may lie at an end, if one further in is as good. Two
    seeds do not tell such rates apart, and an arm at chance, whose best rate is an
    accident, would else widen its grid for nothing and leave its claim not tested.

    Without `rates` the grid is the optimizer's; `changes` are fields of `TuneConfig`.
    """
    settings: dict[str, Any] = {"seeds": 2, "widen": 2, "tolerance": 0.02, **changes}
    grid = rates or RATES[config.training.optimizer.name]
    score = accuracy("val_accuracy").replace(
        failed_value=0.0, words="reach a validation accuracy"
    )
    tune = TuneConfig(learning_rates=grid, score=score, **settings)
    return Arm(levels=dict(levels), config=config, tune=tune)


def deep_config(
    *,
    activation: str | dict[str, Any] | tuple[str | dict[str, Any], ...] = "sigmoid",
    initializer: InitializerConfig | str | tuple[InitializerConfig, ...] = SMALL,
    optimizer: str = "sgd",
    learning_rate: float | None = None,
    depth: int = DEPTH,
    width: int = WIDTH,
    num_steps: int = NUM_STEPS,
    task: TaskConfig = CLUSTERS,
    probes: tuple[str, ...] = (),
    training: dict[str, Any] | None = None,
    **model: Any,
) -> ArmConfig:
    """Return a deep network under the old recipe, with changes.

    The initializer is that of every kernel, the output's included; without a learning
    rate the middle of the optimizer's grid is taken. `training` and `model` are further
    fields of `TrainingConfig` and `MLPConfig`.
    """
    network: dict[str, Any] = {"input_units": 20, "output_units": 10}
    network |= {"hidden_units": (width,) * depth, "activation": activation}
    network |= {"kernel_initializer": initializer, "output_kernel_initializer": None}
    rates = RATES[optimizer]
    rate = rates[len(rates) // 2] if learning_rate is None else learning_rate
    settings: dict[str, Any] = {
        "optimizer": OptimizerConfig(name=optimizer, learning_rate=rate),
        "loss": "categorical_crossentropy",
        "from_logits": True,
        "batch_size": BATCH_SIZE,
        "num_steps": num_steps,
        "log_steps": tuple(k for k in LOG_STEPS if k <= num_steps),
        "metrics": ("loss", "accuracy", "val_accuracy", "test_accuracy"),
        "probes": probes,
    }
    if model.get("batch_norm") and num_steps:
        settings["batch_norm_statistics"] = "training_rows"
        settings["metrics"] += ("moving_accuracy",)
    trained = TrainingConfig(**(settings | (training or {})))
    return ArmConfig(task=task, model=MLPConfig(**(network | model)), training=trained)


def recipe_config(switches: Iterable[str] = (), **changes: Any) -> ArmConfig:
    """Return the old recipe with some of `SWITCHES` on, changed as `deep_config`."""
    on = {one_of("switches", switch, SWITCHES) for switch in switches}
    matched = "he_normal" if "ReLU" in on else "glorot_uniform"
    fields: dict[str, Any] = {
        "activation": "relu" if "ReLU" in on else "sigmoid",
        "initializer": matched if "init" in on else SMALL,
        "optimizer": "adam" if "Adam" in on else "sgd",
        "batch_norm": "before" if "batch norm" in on else None,
        "skip": "residual" if "skip" in on else None,
        "probes": () if "Adam" in on else PROBES,
    }
    return deep_config(**(fields | changes))


def recipe(
    switches: Iterable[str] = (),
    *,
    rates: tuple[float, ...] | None = None,
    levels: Mapping[str, Level] | None = None,
    **changes: Any,
) -> Arm:
    """Return a tuned arm: the old recipe with some of `SWITCHES` on.

    `changes` are arguments of `deep_config`, told among the levels; `levels` are more.
    """
    on = set(switches)
    told: dict[str, Level] = {NAMES.get(s, s): s in on for s in SWITCHES}
    if not on:
        is_named = {"activation", "initializer"} <= set(changes)
        told = {} if is_named else {"recipe": "old recipe", **told}
    told |= levels_of(changes) | dict(levels or {})
    return tuned(recipe_config(on, **changes), told, rates=rates)


def learns(at: int | None = None) -> ScoreConfig:
    """Return success: half of the training rows are classified as labeled."""
    words = "learn" if at is None else f"learn within {at:,} updates"
    return ScoreConfig(quantity="accuracy", at=at, at_least=LEARNS, words=words)


def learns_by_moving_averages() -> ScoreConfig:
    """Return success as `learns` does, of batch norm as Keras evaluates it."""
    words = "learn as judged by moving averages"
    return ScoreConfig(quantity="moving_accuracy", at_least=LEARNS, words=words)


def accuracy(quantity: str = "test_accuracy", at: int | None = None) -> ScoreConfig:
    """Return an accuracy; a run that diverged counts as chance."""
    words = quantity.replace("_", " ") if "_" in quantity else f"training {quantity}"
    return ScoreConfig(
        quantity=quantity, at=at, better="higher", failed_value=CHANCE, words=words
    )


def gradient_ratio(at: int = 0) -> ScoreConfig:
    """Return log10 of the first hidden layer's gradient norm over the last one's."""
    words = f"log10 of the gradient ratio of first to last layer {when(at)}"
    return ScoreConfig(quantity="gradient_ratio", at=at, words=words)


def imbalance(at: int = 0) -> ScoreConfig:
    """Return how many orders of magnitude first and last gradients lie apart, at worst.

    `at` is the number of updates up to which the worst record counts.
    """
    words = f"orders of magnitude between first and last gradient {until(at)}"
    return ScoreConfig(quantity="worst_gradient_ratio", at=at, words=words)


def balanced(at: int = 0, within: float = 1.0) -> ScoreConfig:
    """Return success: first and last gradients lie within a factor of 10**within."""
    words = (
        f"keep first and last gradient within a factor of {10**within:g} {until(at)}"
    )
    return imbalance(at).replace(at_most=within, words=words)


def reaches(at: int = 0) -> ScoreConfig:
    """Return success: the first layer's gradient has a norm of a thousandth or more.

    The loss itself changes with the output's bias at a rate of about one tenth to one.
    """
    words = f"have a gradient of norm 0.001 or more in the first layer {when(at)}"
    return ScoreConfig(quantity="first_gradient", at=at, at_least=-3.0, words=words)


EFFECT = 0.2
"""Smallest difference between shares of runs that counts as a rescue."""

OLD = recipe()
MODERN = recipe(SWITCHES)


def succeeds(arm: Arm, key: str, **told: Unpack[Told]) -> SuccessRate:
    """Predict that most runs of an arm learn."""
    return mostly(arm, learns(), key=key, **told)


def rescues(treatment: Arm, control: Arm, key: str, **told: Unpack[Told]) -> Comparison:
    """Predict that an arm learns on more seeds than the arm it is compared with."""
    return compare(treatment, "greater", control, learns(), EFFECT, key=key, **told)


def evens_out(
    treatment: Arm, control: Arm, key: str, **told: Unpack[Told]
) -> Comparison:
    """Predict that first and last gradients lie half an order closer together."""
    return compare(treatment, "less", control, imbalance(), 0.5, key=key, **told)


STUCK, LEARNED = rarely(OLD, learns(), key="old"), succeeds(MODERN, "modern")
CONTROLS = (STUCK, LEARNED)
"""What must hold before a rescue can be told from luck or from a task too hard."""

ENOUGH_ALONE = ("batch norm", "skip")
"""Switches that alone let some networks learn, so that others must add to them."""


def switch_key(switch: str) -> str:
    """Return a switch as the key of a prediction."""
    return switch.lower().replace(" ", "_")


def rescues_beside(switch: str, *companions: str) -> tuple[SuccessRate, ...]:
    """Predict that a switch rescues the old recipe alone and beside each companion.

    Each is also given four times the updates. The keys are `alone`, `long`, and the
    companions' by `switch_key`, with `_long` behind them; the factor of the conditions
    is `companion`.
    """
    alone, long = recipe((switch,)), recipe((switch,), num_steps=LONG)
    found = [
        succeeds(alone, "alone", at=("companion", "none")),
        succeeds(long, "long", at=("companion", "none")),
    ]
    for other in companions:
        both, key = (switch, other), switch_key(other)
        told: Told = {"at": ("companion", NAMES.get(other, other))}
        longer = recipe(both, num_steps=LONG)
        found.append(succeeds(recipe(both), key, **told))
        found.append(succeeds(longer, f"{key}_long", **told))
    return tuple(found)


def beside_others(switch: str) -> tuple[Prediction, ...]:
    """Predict that a switch adds to what suffices alone, and that all together learn.

    The keys are those of `ENOUGH_ALONE` by `switch_key`, and `modern`.
    """
    adds = (
        rescues(recipe((switch, other)), recipe((other,)), switch_key(other))
        for other in ENOUGH_ALONE
    )
    return (*adds, LEARNED)


def shown_alone(*companions: str) -> tuple[SuccessRate, ...]:
    """Show how often each companion lets networks learn by itself.

    The keys are those of the companions and `_alone`, as in `batch_norm_alone`; where
    that is one, `batch_norm_alone_moving` is as moving averages have it.
    """
    alone = tuple(
        shown(recipe((c,)), learns(), key=f"{switch_key(c)}_alone") for c in companions
    )
    if "batch norm" not in companions:
        return alone
    return (*alone, shown_moving(recipe(("batch norm",)), "batch_norm_alone"))


def shown_moving(arm: Arm, key: str, *, quick: bool = True) -> SuccessRate:
    """Show how often an arm learns as moving averages have it, beside a prediction."""
    score = learns_by_moving_averages()
    return shown(arm, score, key=f"{key}_moving", quick=quick)

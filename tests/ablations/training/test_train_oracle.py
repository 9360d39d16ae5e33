"""A stack trains as `keras.Model` does, run for run, whatever the ingredients are.

Starting weights and batches are the same on both sides, and the runs of a stack differ
in seed and in every number.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from ablations.training.config import (
    EarlyStoppingConfig,
    OptimizerConfig,
    ScheduleConfig,
    TrainingConfig,
)
from ablations.training.train import Data, StackResult, train_stack
from models.config import MLPConfig
from models.mlp import build_mlp, start_from

NUM_ROWS = 20
BATCH_SIZE = 8  # so that the last batch of an epoch has 4 rows
NUM_STEPS = 30
SEEDS = (11, 12)
NETWORK = MLPConfig(input_units=3, hidden_units=(5,), activation="tanh")
# For what is the same whatever the network: half of that to compile.
LINEAR = NETWORK.replace(hidden_units=())
# Float32 sums in another order: 30 updates of weights near 1 stay within 1e-5.
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}

Numbers = dict[str, float]
Make = Callable[[Numbers], keras.optimizers.Optimizer]

SGD, RMSprop, Adam = (
    keras.optimizers.SGD,
    keras.optimizers.RMSprop,
    keras.optimizers.Adam,
)


class ScheduleFree(keras.optimizers.ScheduleFreeAdamW):
    """Keras's own rule, as it is with variables that do not change under one's hands.

    With those of TensorFlow, Keras 3.15 reads the old z after it has changed; what that
    takes from the weight is put back. With JAX it is right as it is.
    """

    def update_step(self, gradient, variable, learning_rate):
        z = self._momentums[self._get_variable_index(variable)]
        old = keras.ops.copy(z)
        super().update_step(gradient, variable, learning_rate)
        if keras.backend.backend() == "tensorflow":
            share = 1.0 - 1.0 / keras.ops.cast(self.iterations + 1, "float32")
            self.assign_add(variable, share * (1.0 - self.beta_1) * (z - old))

    def mean(self, place: int, y: np.ndarray) -> np.ndarray:
        """Return the mean x of y = (1 - beta_1) z + beta_1 x of a weight."""
        z = keras.ops.convert_to_numpy(self._momentums[place])
        return (y - (1 - self.beta_1) * z) / self.beta_1


OPTIMIZERS: dict[str, tuple[str, dict[str, bool], tuple[Numbers, Numbers], Make]] = {
    "sgd": ("sgd", {}, ({}, {}), lambda n: SGD(**n)),
    "momentum": (
        "momentum",
        {},
        ({"momentum": 0.5}, {"momentum": 0.9}),
        lambda n: SGD(**n),
    ),
    "nesterov": (
        "nesterov",
        {},
        ({"momentum": 0.5}, {"momentum": 0.9}),
        lambda n: SGD(**n, nesterov=True),
    ),
    "adagrad": (
        "adagrad",
        {},
        ({"initial_accumulator": 0.5}, {"epsilon": 1e-3}),
        lambda n: keras.optimizers.Adagrad(
            n["learning_rate"],
            initial_accumulator_value=n.get("initial_accumulator", 0.1),
            epsilon=n.get("epsilon", 1e-7),
        ),
    ),
    "adadelta": (
        "adadelta",
        {},
        ({"rho": 0.9, "learning_rate": 1.0}, {"epsilon": 1e-4, "learning_rate": 0.5}),
        lambda n: keras.optimizers.Adadelta(**n),
    ),
    "rmsprop": (
        "rmsprop",
        {},
        ({"rho": 0.8}, {"epsilon": 1e-3}),
        lambda n: RMSprop(**n),
    ),
    "rmsprop_centered": (
        "rmsprop",
        {"centered": True},
        ({"rho": 0.8, "epsilon": 1e-3}, {"epsilon": 1e-2}),
        lambda n: RMSprop(**n, centered=True),
    ),
    "rmsprop_with_momentum": (
        "rmsprop",
        {},
        ({"momentum": 0.5}, {"momentum": 0.9}),
        lambda n: RMSprop(**n),
    ),
    "adam": (
        "adam",
        {},
        ({"beta_1": 0.8}, {"beta_2": 0.9, "epsilon": 1e-3}),
        lambda n: Adam(**n),
    ),
    "amsgrad": (
        "adam",
        {"amsgrad": True},
        ({"beta_1": 0.8}, {"beta_2": 0.9}),
        lambda n: Adam(**n, amsgrad=True),
    ),
    "adamw": (
        "adamw",
        {},
        ({"weight_decay": 0.1}, {"beta_1": 0.8}),
        lambda n: keras.optimizers.AdamW(**n),
    ),
    "nadam": (
        "nadam",
        {},
        ({"beta_1": 0.8}, {"beta_2": 0.9, "epsilon": 1e-3}),
        lambda n: keras.optimizers.Nadam(**n),
    ),
    "adamax": (
        "adamax",
        {},
        ({"beta_1": 0.8}, {"beta_2": 0.9}),
        lambda n: keras.optimizers.Adamax(**n),
    ),
    "lion": (
        "lion",
        {},
        ({"beta_1": 0.8}, {"beta_2": 0.9, "learning_rate": 0.003}),
        lambda n: keras.optimizers.Lion(**n),
    ),
    "muon": (
        "muon",
        {},
        ({"momentum": 0.8, "weight_decay": 0.1}, {"beta_1": 0.8, "epsilon": 1e-3}),
        lambda n: keras.optimizers.Muon(
            n["learning_rate"],
            adam_beta_1=n.get("beta_1", 0.9),
            adam_weight_decay=n.get("weight_decay", 0.004),
            epsilon=n.get("epsilon", 1e-7),
            weight_decay=n.get("weight_decay", 0.004),
            momentum=n.get("momentum", 0.95),
        ),
    ),
    "schedule_free_adamw": (
        "schedule_free_adamw",
        {},
        (
            {"beta_1": 0.8, "weight_decay": 0.1},
            {"beta_2": 0.9, "epsilon": 1e-3, "weight_decay": 0.01},
        ),
        lambda n: ScheduleFree(**n),
    ),
}

PLAIN = TrainingConfig(
    optimizer=OptimizerConfig(name="sgd", learning_rate=0.05),
    batch_size=BATCH_SIZE,
    num_steps=NUM_STEPS,
)
# Without a short last batch there is half as much to compile.
EVEN = PLAIN.replace(batch_size=10)


def make_data(num_outputs: int = 1, kind: str = "real") -> Data:
    """Return 20 rows with targets that are real, binary or one of several classes."""
    generator = np.random.default_rng(5)
    x = generator.normal(size=(NUM_ROWS, 3)).astype(np.float32)
    y = np.tanh(x @ generator.normal(size=(3, num_outputs)))
    if kind == "binary":
        y = y > 0.0
    if kind == "classes":
        y = np.eye(num_outputs)[y.argmax(axis=1)]
    return Data(x, y.astype(np.float32))


def make_orders(num_runs: int) -> np.ndarray:
    """Return an order of the rows per run and epoch, enough for every step."""
    rows = np.broadcast_to(np.arange(NUM_ROWS), (num_runs, NUM_STEPS // 2, NUM_ROWS))
    return np.random.default_rng(6).permuted(rows, axis=2)


def compiled(
    config: MLPConfig,
    seed: int,
    optimizer: keras.optimizers.Optimizer,
    loss: Any = "mse",
) -> keras.Model:
    """Return a network that Keras can train, with the weights of a seed."""
    model = build_mlp(config, seed, stackable=True)
    # A compiler would take far longer over the model than these updates do.
    model.compile(optimizer, loss, jit_compile=False)
    # Built on the way, what begins as a copy of the weights would begin at zero.
    optimizer.build(model.trainable_variables)
    return model


def train_alone(
    model: keras.Model,
    data: Data,
    order: np.ndarray,
    *,
    batch_size: int = EVEN.batch_size,
    drop_remainder: bool = False,
) -> list[np.ndarray]:
    """Return the weights after training with Keras, batch by batch."""
    batches = [
        rows[start : start + batch_size]
        for rows in order
        for start in range(0, NUM_ROWS, batch_size)
        if not drop_remainder or start + batch_size <= NUM_ROWS
    ]
    for rows in batches[:NUM_STEPS]:
        model.train_on_batch(data.x[rows], data.y[rows])
    weights = model.get_weights()
    if isinstance(model.optimizer, ScheduleFree):
        return [model.optimizer.mean(place, y) for place, y in enumerate(weights)]
    return weights


def weights_of(result: StackResult, config: MLPConfig, run: int) -> list[np.ndarray]:
    """Return the weights of a run in the order of `keras.Model.get_weights`."""
    model = build_mlp(config, stackable=True)
    named = zip(model.trainable_variables, result.weights, strict=True)
    by_path = {variable.path: weight[run] for variable, weight in named}
    named = zip(model.non_trainable_variables, result.state, strict=True)
    by_path |= {variable.path: weight[run] for variable, weight in named}
    return [by_path[variable.path] for variable in model.weights]


def assert_same(ours: list[np.ndarray], theirs: list[np.ndarray]) -> None:
    """Check that two lists of weights are equal up to rounding."""
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, **TOLERANCE)


@pytest.mark.parametrize("case", OPTIMIZERS)
def test_every_optimizer_is_that_of_keras(case):
    name, forms, variants, make = OPTIMIZERS[case]
    numbers = [
        {"learning_rate": rate} | own
        for rate, own in zip((0.01, 0.03), variants, strict=True)
    ]
    trainings = [
        EVEN.replace(optimizer=OptimizerConfig(name=name, **forms, **own))
        for own in numbers
    ]
    data, orders = make_data(), make_orders(2)
    # Of a single column there is nothing to orthogonalize.
    config = NETWORK if name == "muon" else LINEAR
    result = train_stack(config, trainings, SEEDS, data, orders=orders)
    for run, (seed, own) in enumerate(zip(SEEDS, numbers, strict=True)):
        model = compiled(config, seed, make(own))
        theirs = train_alone(model, data, orders[run])
        assert_same(weights_of(result, config, run), theirs)


def test_every_schedule_is_that_of_keras():
    schedules = keras.optimizers.schedules
    rates = (0.2, 0.1, 0.3, 0.2, 0.1)
    cases = [
        (ScheduleConfig(), 0.2),
        (
            ScheduleConfig(name="linear", decay_steps=20, final_learning_rate=0.01),
            schedules.PolynomialDecay(0.1, 20, 0.01),
        ),
        (
            ScheduleConfig(name="cosine", decay_steps=25, final_learning_rate=0.03),
            schedules.CosineDecay(0.3, 25, alpha=0.1),
        ),
        (
            ScheduleConfig(name="step", decay_steps=7, factor=0.5),
            schedules.ExponentialDecay(0.2, 7, 0.5, staircase=True),
        ),
        (
            ScheduleConfig(name="exponential", decay_steps=7, factor=0.9),
            schedules.ExponentialDecay(0.1, 7, 0.9),
        ),
    ]
    trainings = [
        EVEN.replace(
            schedule=schedule, optimizer=OptimizerConfig(name="sgd", learning_rate=rate)
        )
        for (schedule, _), rate in zip(cases, rates, strict=True)
    ]
    seeds = range(5)
    data, orders = make_data(), make_orders(5)
    result = train_stack(LINEAR, trainings, seeds, data, orders=orders)
    for run, (_, rate) in enumerate(cases):
        theirs = train_alone(compiled(LINEAR, run, SGD(rate)), data, orders[run])
        assert_same(weights_of(result, LINEAR, run), theirs)


@pytest.mark.parametrize(
    ("field", "option", "bounds"),
    [
        ("clip_value", "clipvalue", (0.02, 0.05)),
        ("clip_norm", "clipnorm", (0.05, 0.2)),
        ("clip_global_norm", "global_clipnorm", (0.05, 0.3)),
    ],
)
def test_every_clipping_is_that_of_keras(field, option, bounds):
    data, orders = make_data(), make_orders(2)
    trainings = [EVEN.replace(**{field: bound}) for bound in bounds]
    free = train_stack(LINEAR, EVEN, SEEDS, data, orders=orders)
    result = train_stack(LINEAR, trainings, SEEDS, data, orders=orders)
    for run, (seed, bound) in enumerate(zip(SEEDS, bounds, strict=True)):
        optimizer = SGD(0.05, **{option: bound})
        model = compiled(LINEAR, seed, optimizer)
        theirs = train_alone(model, data, orders[run])
        assert_same(weights_of(result, LINEAR, run), theirs)
        # The bound has to matter, or nothing was tested.
        assert np.abs(free.weights[0][run] - result.weights[0][run]).max() > 1e-3


LOSSES = {
    "mse": (make_data(2), {"loss": "mse"}, "linear", "mse"),
    "mae": (make_data(2), {"loss": "mae"}, "linear", "mae"),
    "huber": (make_data(2), {"loss": "huber"}, "linear", keras.losses.Huber()),
    "binary_logits": (
        make_data(1, "binary"),
        {"loss": "binary_crossentropy", "from_logits": True},
        "linear",
        keras.losses.BinaryCrossentropy(from_logits=True),
    ),
    "binary_probabilities": (
        make_data(2, "binary"),
        {"loss": "binary_crossentropy"},
        "sigmoid",
        keras.losses.BinaryCrossentropy(),
    ),
    "class_logits": (
        make_data(3, "classes"),
        {"loss": "categorical_crossentropy", "from_logits": True},
        "linear",
        keras.losses.CategoricalCrossentropy(from_logits=True),
    ),
    "class_probabilities": (
        make_data(3, "classes"),
        {"loss": "categorical_crossentropy"},
        "softmax",
        keras.losses.CategoricalCrossentropy(),
    ),
    "hinge": (make_data(1, "binary"), {"loss": "hinge"}, "linear", "hinge"),
}


@pytest.mark.parametrize("case", LOSSES)
def test_every_loss_is_that_of_keras(case):
    data, fields, activation, loss = LOSSES[case]
    config = LINEAR.replace(output_units=data.y.shape[1], output_activation=activation)
    orders = make_orders(2)
    rates = (0.1, 0.3)
    trainings = [
        EVEN.replace(**fields, optimizer=OptimizerConfig(name="sgd", learning_rate=r))
        for r in rates
    ]
    result = train_stack(config, trainings, SEEDS, data, orders=orders)
    # Plain SGD remembers nothing, so that one network is trained and traced for all.
    model = compiled(config, SEEDS[0], SGD(), loss)
    for run, (seed, rate) in enumerate(zip(SEEDS, rates, strict=True)):
        start_from(model, seed)
        model.optimizer.learning_rate = rate
        theirs = train_alone(model, data, orders[run])
        assert_same(weights_of(result, config, run), theirs)


# Each ingredient once, several in a network, so that there is less to compile.
NETWORKS = {
    "batch_norm_before, dropout_per_batch, l1": (
        {
            "batch_norm": "before",
            "batch_norm_momentum": 0.9,
            "dropout": 0.2,
            "dropout_unit": "batch",
            "l1": 0.01,
        },
        {
            "batch_norm": "before",
            "batch_norm_epsilon": 0.1,
            "dropout": 0.6,
            "dropout_unit": "batch",
            "l1": 0.1,
        },
    ),
    "batch_norm_after, l2": (
        {
            "batch_norm": "after",
            "batch_norm_momentum": 0.9,
            "l2": 0.01,
            "regularize_output": True,
        },
        {
            "batch_norm": "after",
            "batch_norm_epsilon": 0.1,
            "l2": 0.1,
            "regularize_output": True,
        },
    ),
    "dropout, noise, initializers, l1_and_l2, slopes": (
        {
            "dropout": 0.2,
            "input_dropout": 0.3,
            "kernel_initializer": "he_normal",
            "bias_start": 0.1,
            "gaussian_noise": 0.1,
            "l1": 0.01,
            "l2": 0.1,
            "activation": {"name": "leaky_relu", "slope": 0.1},
        },
        {
            "dropout": 0.6,
            "input_dropout": 0.1,
            "kernel_initializer": "orthogonal",
            "bias_start": -0.1,
            "gaussian_noise": 0.5,
            "l1": 0.1,
            "l2": 0.01,
            "activation": {"name": "leaky_relu", "slope": 0.5},
        },
    ),
    "skips, convolutions": (
        {
            "hidden_units": (5, 5),
            "skip": "residual",
            "branch_scale": 0.5,
            "activation": {"name": "leaky_relu", "slope": 0.1},
            "convolutions": ({"filters": 2, "kernel_size": 2},),
            "l2": 0.01,
        },
        {
            "hidden_units": (5, 5),
            "skip": "residual",
            "branch_scale": 0.2,
            "activation": {"name": "leaky_relu", "slope": 0.5},
            "convolutions": (
                {"filters": 2, "kernel_size": 2, "kernel_initializer": "he_normal"},
            ),
            "l2": 0.1,
        },
    ),
}


@pytest.mark.parametrize("case", NETWORKS)
def test_every_ingredient_of_a_network_trains_as_in_keras(case):
    configs = [NETWORK.replace(**changes) for changes in NETWORKS[case]]
    data, orders = make_data(), make_orders(2)
    result = train_stack(configs, EVEN, SEEDS, data, orders=orders)
    for run, (config, seed) in enumerate(zip(configs, SEEDS, strict=True)):
        model = compiled(config, seed, SGD(0.05))
        theirs = train_alone(model, data, orders[run])
        assert_same(weights_of(result, config, run), theirs)


@pytest.fixture(scope="module")
def peer() -> tuple[MLPConfig, keras.Model]:
    """A network that depends on the size of a batch, and the same as Keras trains it.

    Statistics, masks and mean do.
    """
    config = NETWORK.replace(batch_norm="after", dropout=0.3)
    return config, compiled(config, SEEDS[0], SGD(0.05))


@pytest.mark.parametrize("is_dropped", [False, True])
def test_a_short_last_batch_is_trained_on_or_dropped(peer, is_dropped):
    config, model = peer
    data, orders = make_data(), make_orders(2)
    training = PLAIN.replace(drop_remainder=is_dropped)
    result = train_stack(config, training, SEEDS, data, orders=orders)
    settings = {"batch_size": BATCH_SIZE, "drop_remainder": is_dropped}
    for run, seed in enumerate(SEEDS):
        start_from(model, seed)
        theirs = train_alone(model, data, orders[run], **settings)
        assert_same(weights_of(result, config, run), theirs)


def test_all_rows_at_once_in_stored_order_are_a_plain_fit():
    data = make_data()
    training = PLAIN.replace(batch_size=None, num_steps=None, epochs=10)
    config = NETWORK.replace(dropout=0.3)
    result = train_stack(config, training, SEEDS, data)
    model = compiled(config, SEEDS[0], SGD(0.05))
    for run, seed in enumerate(SEEDS):
        start_from(model, seed)
        fit = {"batch_size": NUM_ROWS, "epochs": 10, "shuffle": False, "verbose": 0}
        model.fit(data.x, data.y, **fit)
        assert_same(weights_of(result, config, run), model.get_weights())


@pytest.mark.parametrize("hidden_units", [(5,), (4,) * 5])
def test_weighted_rows_train_as_in_keras(hidden_units):
    config = NETWORK.replace(hidden_units=hidden_units, output_units=2)
    generator = np.random.default_rng(4)
    x = generator.normal(size=(2, NUM_ROWS, 3)).astype(np.float32)
    codes = (generator.random((2, NUM_ROWS)) < 0.3).astype(int)
    y = np.eye(2, dtype=np.float32)[codes]
    own = generator.uniform(0, 2, size=(2, NUM_ROWS)).astype(np.float32)
    by_class = np.where(codes == 1, 2.5, 0.6).astype(np.float32)
    weight = np.stack([own[0], by_class[1]])
    told = ({"sample_weight": own[0]}, {"class_weight": {0: 0.6, 1: 2.5}})
    training = EVEN.replace(
        loss="categorical_crossentropy",
        from_logits=True,
        shuffle="none",
        num_steps=None,
        epochs=12,
        metrics=("loss", "val_loss"),
    )
    data = Data(x, y, x, y, weight=weight, weight_val=own)
    result = train_stack(config, training, SEEDS, data)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model = compiled(config, SEEDS[0], SGD(0.05), loss)
    for run, seed in enumerate(SEEDS):
        start_from(model, seed)
        fit = {"batch_size": 10, "epochs": 12, "shuffle": False, "verbose": 0}
        model.fit(x[run], y[run], **told[run], **fit)
        assert_same(weights_of(result, config, run), model.get_weights())
        for name, w in (("loss", weight), ("val_loss", own)):
            theirs = loss(y[run], model(x[run]), sample_weight=w[run])
            np.testing.assert_allclose(
                result.curves[name][run][-1], theirs, **TOLERANCE
            )


def test_weights_of_one_change_nothing():
    data, orders = make_data(), make_orders(2)
    weighted = Data(**data.arrays(), weight=np.ones(NUM_ROWS, np.float32))
    plain = train_stack(LINEAR, EVEN, SEEDS, data, orders=orders)
    same = train_stack(LINEAR, EVEN, SEEDS, weighted, orders=orders)
    for ours, theirs in zip(same.weights, plain.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_early_stopping_is_that_of_keras():
    generator = np.random.default_rng(7)
    # Few rows and much noise: the validation loss rises soon.
    x, x_val = generator.normal(size=(2, NUM_ROWS, 3)).astype(np.float32)
    y, y_val = generator.normal(size=(2, NUM_ROWS, 1)).astype(np.float32)
    data, epochs = Data(x, y, x_val, y_val), 15
    config = NETWORK.replace(hidden_units=(16,), l2=1e-4)
    rules = [
        {"patience": 0, "min_delta": 0.0},
        {"patience": 0, "min_delta": 10.0},  # stops at once
        {"patience": 3, "min_delta": 0.0},
        {"patience": 5, "min_delta": 0.01},
        {"patience": epochs, "min_delta": 0.0},  # never stops
        {"patience": 2, "min_delta": 0.001},
    ]
    rates = (0.05, 0.05, 0.2, 0.1, 0.2, 0.3)
    seeds = range(len(rules))
    per_epoch = 2
    trainings = [
        TrainingConfig(
            optimizer=OptimizerConfig(name="sgd", learning_rate=rate),
            batch_size=10,
            epochs=epochs,
            shuffle="none",
            metrics=("val_loss",),
            early_stopping=EarlyStoppingConfig(restore_best_weights=True, **rule),
        )
        for rule, rate in zip(rules, rates, strict=True)
    ]
    result = train_stack(config, trainings, seeds, data)
    stops = []
    model = compiled(config, 0, SGD())
    for run, (rule, rate, seed) in enumerate(zip(rules, rates, seeds, strict=True)):
        start_from(model, seed)
        model.optimizer.learning_rate = rate
        stopper = keras.callbacks.EarlyStopping(restore_best_weights=True, **rule)
        history = model.fit(
            x,
            y,
            batch_size=10,
            epochs=epochs,
            shuffle=False,
            validation_data=(x_val, y_val),
            validation_batch_size=NUM_ROWS,
            callbacks=[stopper],
            verbose=0,
        ).history["val_loss"]
        stopped = stopper.stopped_epoch > 0
        stops.append(len(history) if stopped else None)
        expected = len(history) * per_epoch if stopped else -1
        assert result.stopped_at[run] == expected
        assert result.best_at[run] == (stopper.best_epoch + 1) * per_epoch
        assert_same(weights_of(result, config, run), model.get_weights())
        curve = result.curves["val_loss"][run]
        np.testing.assert_allclose(curve[: len(history)], history, **TOLERANCE)
        # What comes after the stop is the state at the stop.
        assert np.all(curve[len(history) :] == curve[len(history) - 1])
    assert stops[1] == 2
    assert stops[4] is None
    assert len(set(stops)) >= 4


def test_metrics_are_those_of_keras():
    data = make_data(3, "classes")
    config = LINEAR.replace(
        output_units=3,
        output_activation="softmax",
        l2=0.01,
        regularize_output=True,
    )
    training = EVEN.replace(
        loss="categorical_crossentropy", metrics=("loss", "accuracy"), log_steps=(0, 9)
    )
    result = train_stack(config, training, SEEDS, data)
    model = build_mlp(config, stackable=True)
    model.compile(
        loss="categorical_crossentropy", metrics=["accuracy"], jit_compile=False
    )
    for run, seed in enumerate(SEEDS):
        start_from(model, seed)
        loss, accuracy = model.evaluate(data.x, data.y, verbose=0)
        np.testing.assert_allclose(result.curves["loss"][run, 0], loss, **TOLERANCE)
        assert result.curves["accuracy"][run, 0] == pytest.approx(accuracy)
    np.testing.assert_array_equal(result.log_steps, [0, 9, NUM_STEPS])

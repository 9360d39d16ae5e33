"""What must hold of every stack: company, order, chunks, backends, failures, memory."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras
import numpy as np
import pytest

from ablations.training import batches
from ablations.training.config import (
    OPTIMIZERS,
    EarlyStoppingConfig,
    OptimizerConfig,
    OutputsConfig,
    ScheduleConfig,
    TrainingConfig,
)
from ablations.training.program import StackProgram
from ablations.training.train import Data, StackResult, stack_program, train_stack
from models.config import ConfigError, MLPConfig
from models.initializers import initial_weights
from models.layers import CounterDropout
from models.mlp import build_mlp, start_from

ROOT = Path(__file__).resolve().parents[3]
# Sums of another length are added in another order; a few hundred roundings of float32
# in weights near 1 stay within 2e-5.
TOLERANCE = {"rtol": 2e-5, "atol": 2e-5}

generator = np.random.default_rng(3)
X = generator.normal(size=(20, 3)).astype(np.float32)
Y = np.tanh(X[:, :1] - X[:, 1:2]).astype(np.float32)
DATA = Data(X, Y, X[:7] + 1.0, Y[:7], X[:4] - 1.0, Y[:4])

# Everything that could leak between runs is on.
NETWORK = MLPConfig(
    input_units=3,
    hidden_units=(6,),
    activation="tanh",
    dropout=0.2,
    gaussian_noise=0.1,
    batch_norm="after",
    l2=1e-3,
)
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.02),
    batch_size=10,  # no short last batch, which would be compiled as well
    num_steps=20,
    clip_global_norm=0.5,
    log_steps=(0, 5, 10),
    metrics=("loss", "val_loss"),
)
CROWD = 513
# Small and quick to compile.
TINY = MLPConfig(input_units=3, hidden_units=(4,), activation="tanh")
# For what is the same whatever the network.
LINEAR = TINY.replace(hidden_units=())


def arrays_of(result: StackResult) -> list[np.ndarray]:
    """Return everything that a stack produced, runs on axis 0."""
    return [
        *result.weights,
        *result.state,
        *result.curves.values(),
        *result.probes.values(),
        *(one[part] for one in result.outputs for part in sorted(one)),
        result.diverged_at,
        result.stopped_at,
        result.best_at,
    ]


def assert_same_runs(
    one: StackResult, other: StackResult, mine: object = ..., theirs: object = ...
) -> None:
    """Check that runs of two stacks are equal up to rounding."""
    for ours, also in zip(arrays_of(one), arrays_of(other), strict=True):
        np.testing.assert_allclose(ours[mine], also[theirs], **TOLERANCE)


def different_trainings(num_runs: int) -> list[TrainingConfig]:
    """Return trainings with different rates, bounds and schedules."""
    # Constant rates alone would be another program; the oracle mixes both.
    first, second = (
        ScheduleConfig(name=name, decay_steps=10, factor=0.9)
        for name in ("exponential", "step")
    )
    one = TRAINING.replace(outputs=OutputsConfig(patience=(0, 1)), schedule=first)
    kinds = [
        one,
        one.replace(optimizer=OptimizerConfig(name="adam", learning_rate=0.05)),
        one.replace(schedule=second, clip_global_norm=2.0),
    ]
    return [kinds[run % 3] for run in range(num_runs)]


def different_networks(num_runs: int) -> list[MLPConfig]:
    """Return networks with different rates of dropout and initializers."""
    kinds = [NETWORK, NETWORK.replace(dropout=0.5, kernel_initializer="he_normal")]
    return [kinds[run % 2] for run in range(num_runs)]


@pytest.fixture(scope="module")
def alone() -> list[StackResult]:
    """Seven different runs, each trained in a stack of its own."""
    return [
        train_stack([network], [training], [seed], DATA)
        for seed, (network, training) in enumerate(
            zip(different_networks(7), different_trainings(7), strict=True)
        )
    ]


def test_a_run_is_the_same_alone_and_in_a_crowd(alone):
    order = np.random.default_rng(CROWD).permutation(CROWD)
    crowd = train_stack(
        [different_networks(CROWD)[run] for run in order],
        [different_trainings(CROWD)[run] for run in order],
        order,
        DATA,
    )
    for seed, single in enumerate(alone):
        place = int(np.flatnonzero(order == seed)[0])
        assert_same_runs(single, crowd, 0, place)


def test_outputs_are_what_the_model_says_with_the_last_weights(alone):
    for network, result in zip(different_networks(7), alone, strict=True):
        model = build_mlp(network, stackable=True)
        variables = (*model.trainable_variables, *model.non_trainable_variables)
        for variable, value in zip(
            variables, (*result.weights, *result.state), strict=True
        ):
            variable.assign(value[0])
        for part in ("val", "test"):
            said = model(getattr(DATA, f"x_{part}"), training=False)
            said = keras.ops.convert_to_numpy(said)
            np.testing.assert_allclose(result.outputs[0][part][0], said, **TOLERANCE)


def test_idle_runs_that_fill_a_stack_change_nothing(alone):
    padded = train_stack(
        different_networks(5), different_trainings(5), range(5), DATA, pad_to=CROWD
    )
    assert len(padded.weights[0]) == 5
    for seed, single in enumerate(alone[:5]):
        assert_same_runs(single, padded, 0, seed)


def test_runs_of_different_seeds_differ(alone):
    first, other = alone[0].weights, alone[6].weights
    assert all(np.abs(a - b).max() > 1e-3 for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize("shuffle", ["reshuffled", "once"])
def test_orders_in_chunks_are_the_orders_in_one_piece(monkeypatch, shuffle):
    training = TrainingConfig(
        optimizer=OptimizerConfig(name="sgd", learning_rate=0.1),
        batch_size=10,
        num_steps=13,  # ends inside an epoch
        log_steps=(4, 7),
        shuffle=shuffle,
    )
    whole = train_stack(LINEAR, training, range(3), DATA)
    two_epochs = 2 * 4 * 3 * len(X)
    monkeypatch.setattr(batches, "MAX_ORDER_BYTES", two_epochs)
    chunked = train_stack(LINEAR, training, range(3), DATA)
    np.testing.assert_array_equal(whole.log_steps, chunked.log_steps)
    assert_same_runs(whole, chunked)


def test_segments_of_a_training_differ_in_nothing_that_is_compiled_in(monkeypatch):
    # A number that no update changes may be taken for a constant of the program.
    given = []

    def call(self, program, carry, run, last_row):
        given.append(dict(run))
        return program(carry, run, last_row)

    monkeypatch.setattr(StackProgram, "_call", call)
    monkeypatch.setattr(batches, "MAX_ORDER_BYTES", 1)
    training = TRAINING.replace(batch_size=10, num_steps=6, log_steps=())
    train_stack(LINEAR, training, range(3), DATA)
    first, *others = given
    assert len(others) == 2
    for run in others:
        assert run.keys() == first.keys()
        assert [name for name in run if run[name] is not first[name]] == ["orders"]


def test_chunked_early_stopping_is_the_same(monkeypatch):
    training = TrainingConfig(
        optimizer=OptimizerConfig(name="sgd", learning_rate=0.3),
        batch_size=10,
        epochs=12,
        early_stopping=EarlyStoppingConfig(patience=2, restore_best_weights=True),
    )
    whole = train_stack(LINEAR, training, range(3), DATA)
    monkeypatch.setattr(batches, "MAX_ORDER_BYTES", 1)
    chunked = train_stack(LINEAR, training, range(3), DATA)
    assert_same_runs(whole, chunked)
    assert whole.stopped_at.max() > 0


def test_a_shuffle_once_repeats_one_order_and_reshuffling_does_not():
    training = TrainingConfig(
        optimizer=OptimizerConfig(name="sgd", learning_rate=0.1),
        batch_size=10,
        num_steps=8,
        shuffle="once",
    )
    once = train_stack(LINEAR, training, [4], DATA)
    table = batches.Timetable(training, len(X), np.array([4]), 8, ())
    (segment,) = table.segments()
    given = train_stack(LINEAR, training, [4], DATA, orders=segment.orders)
    assert_same_runs(once, given)
    again = train_stack(LINEAR, training.replace(shuffle="reshuffled"), [4], DATA)
    assert np.abs(again.weights[0] - once.weights[0]).max() > 1e-4


def test_a_rate_of_zero_changes_nothing():
    training = TRAINING.replace(
        optimizer=OptimizerConfig(name="sgd", learning_rate=0.0)
    )
    config = TINY.replace(dropout=0.5, l2=0.1)
    before = train_stack(config, training.replace(num_steps=0), [1, 2], DATA)
    after = train_stack(config, training, [1, 2], DATA)
    for start, end in zip(before.weights, after.weights, strict=True):
        np.testing.assert_array_equal(start, end)
    np.testing.assert_array_equal(
        after.curves["loss"], np.repeat(before.curves["loss"][:, :1], 4, axis=1)
    )


def test_each_run_stops_at_its_own_number_of_steps():
    lengths = (5, 20, 11)
    training = TrainingConfig(
        optimizer=OptimizerConfig(name="adam", learning_rate=0.02), num_steps=20
    )
    trainings = [training.replace(num_steps=length) for length in lengths]
    together = train_stack(LINEAR, trainings, range(3), DATA)
    np.testing.assert_array_equal(together.log_steps, [5, 11, 20])
    for run, length in enumerate(lengths):
        single = train_stack(LINEAR, training.replace(num_steps=length), [run], DATA)
        for ours, theirs in zip(single.weights, together.weights, strict=True):
            np.testing.assert_allclose(ours[0], theirs[run], **TOLERANCE)
        end = list(together.log_steps).index(length)
        curve = together.curves["loss"][run]
        np.testing.assert_allclose(curve[end], single.curves["loss"][0, -1], rtol=2e-5)
        assert np.all(curve[end:] == curve[end])


def test_programs_of_one_model_may_be_traced_by_several_threads():
    model = build_mlp(
        TINY.replace(activation="leaky_relu", dropout=0.3), stackable=True
    )
    rules = [OptimizerConfig(name=n, learning_rate=0.1) for n in ("sgd", "momentum")]
    trainings = [TrainingConfig(optimizer=rule, num_steps=1) for rule in rules]

    def train(training: TrainingConfig) -> StackResult:
        slopes = {"dropout_1.rate": np.array([0.1, 0.4])}
        return train_stack(lambda: model, training, (1, 2), DATA, attributes=slopes)

    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(train, trainings)
    # The first update of momentum is that of plain descent.
    for ours, theirs in zip(one.weights, other.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, **TOLERANCE)


# What AdamW and Nesterov's momentum remember is what Adam and momentum do.
FORMS = [
    *[(name, {}) for name in OPTIMIZERS if name not in ("adamw", "nesterov")],
    ("adam", {"amsgrad": True}),
    ("rmsprop", {"centered": True, "momentum": 0.5}),
]


@pytest.mark.parametrize(("name", "forms"), FORMS)
def test_a_run_that_diverges_leaves_the_others_bit_for_bit_alone(name, forms):
    # Of a single column there is nothing to orthogonalize.
    network = TINY if name == "muon" else LINEAR
    healthy = OptimizerConfig(name=name, learning_rate=0.01, **forms)
    training = TrainingConfig(
        optimizer=healthy, batch_size=10, num_steps=8, clip_global_norm=1.0
    )
    # Per run: all well, starts at NaN, far too fast, NaN in a row of its data.
    wild = training.replace(
        optimizer=OptimizerConfig(name=name, learning_rate=1e38, **forms),
        clip_global_norm=1e30,
    )
    seeds = np.arange(5)
    data = Data(np.tile(X, (5, 1, 1)), np.tile(Y, (5, 1, 1)))
    good = train_stack(network, training, seeds, data)
    broken = data.x.copy()
    broken[3, 13] = np.nan
    start, state = initial_weights(build_mlp(network, stackable=True), seeds)
    start[0][1] = np.nan
    bad = train_stack(
        network,
        [training, training, wild, training, training],
        seeds,
        Data(broken, data.y),
        weights=(start, state),
    )
    assert np.all(good.diverged_at == -1)
    for one, other in zip(arrays_of(good), arrays_of(bad), strict=True):
        np.testing.assert_array_equal(one[[0, 4]], other[[0, 4]])
    np.testing.assert_array_equal(bad.diverged_at[[0, 4]], -1)
    assert bad.diverged_at[1] == 0
    assert bad.diverged_at[2] == 1
    (segment,) = batches.Timetable(training, len(X), seeds, 8, ()).segments()
    assert bad.diverged_at[3] == list(segment.orders[3, 0]).index(13) // 10
    # Frozen before the update that failed, so what is left is finite.
    assert all(np.isfinite(w[3]).all() for w in bad.weights)


def test_weights_that_break_in_the_last_update_are_noticed():
    training = TrainingConfig(
        optimizer=OptimizerConfig(name="sgd", learning_rate=1e38), num_steps=1
    )
    huge = Data(X * 100.0, Y)
    result = train_stack(LINEAR, training, [0], huge)
    assert not np.isfinite(result.weights[0]).all()
    assert result.diverged_at[0] == 1


def test_a_known_structure_compiles_nothing():
    optimizer = OptimizerConfig(name="rmsprop", learning_rate=0.01)
    training = TrainingConfig(
        optimizer=optimizer,
        batch_size=10,
        num_steps=14,
        log_steps=(2, 7, 9, 11),
        schedule=ScheduleConfig(name="exponential", decay_steps=10, factor=0.9),
    )
    config = NETWORK.replace(hidden_units=(3,))
    program = stack_program(config, training, DATA)
    train_stack(config, training, [0, 1], DATA)
    assert program.num_traces == 1
    others = [
        training.replace(
            optimizer=OptimizerConfig(
                name="rmsprop", learning_rate=0.1, rho=0.5, epsilon=0.1, momentum=0.9
            ),
            schedule=ScheduleConfig(name="step", decay_steps=3, factor=0.5),
        ),
        training.replace(num_steps=20, log_steps=(1, 2), schedule=ScheduleConfig()),
    ]
    networks = [
        config.replace(dropout=0.7, kernel_initializer="orthogonal", l2=0.1),
        config.replace(gaussian_noise=1.0, batch_norm_momentum=0.5, bias_start=0.1),
    ]
    for network, other in zip(networks, others, strict=True):
        assert stack_program(network, other, DATA) is program
    train_stack(networks, others, [8, 9], DATA)
    train_stack(config, training, [5], DATA, pad_to=2)
    assert stack_program(networks[1], others[1], DATA) is program
    assert program.num_traces == 1
    # Constant rates have a program without schedules; that is seen, so more would be.
    train_stack(config, training.replace(schedule=ScheduleConfig()), [0, 1], DATA)
    assert program.num_traces == 2


def test_many_stacks_do_not_fill_the_memory():
    training = TRAINING.replace(num_steps=4, log_steps=())

    def train_hundred(first: int) -> None:
        train_stack(TINY, training, range(first, first + 100), DATA)

    for first in range(3):  # arenas of the allocator fill once
        train_hundred(first)
    before = resident_mebibytes()
    for first in range(1000, 3000, 100):
        train_hundred(first)
    assert (resident_mebibytes() - before) / 2000 < 0.05


def resident_mebibytes() -> float:
    """Return the memory that this process holds."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        pytest.skip("Only Linux says how much memory a process holds.")
    pages = int(statm.read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def build_sequential() -> keras.Model:
    """Build a network as a user of Keras would."""
    return keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(
                6, activation="relu", kernel_regularizer=keras.regularizers.L1(1e-3)
            ),
            keras.layers.BatchNormalization(),
            keras.layers.PReLU(),
            CounterDropout(0.3, name="drop"),
            keras.layers.LayerNormalization(),
            keras.layers.Dense(1, activity_regularizer=keras.regularizers.L2(1e-3)),
        ]
    )


OF_THE_USER = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.01),
    batch_size=10,
    epochs=6,
    shuffle="none",
)


@pytest.fixture(scope="module")
def of_the_user() -> StackResult:
    """Three runs of a network of the user, the first two of which are the same."""
    return train_stack(build_sequential, OF_THE_USER, [4, 4, 5], DATA)


def test_a_network_of_the_user_trains_in_a_stack_as_alone(of_the_user):
    model = build_sequential()
    start_from(model, 5)
    begun = model.get_weights()[0]
    model.compile(keras.optimizers.Adam(0.01), "mse", jit_compile=False)
    model.fit(X, Y, batch_size=10, epochs=6, shuffle=False, verbose=0)
    for variable, weight in zip(
        model.trainable_variables, of_the_user.weights, strict=True
    ):
        np.testing.assert_allclose(variable, weight[2], **TOLERANCE)
    assert np.abs(of_the_user.weights[0][2] - begun).max() > 1e-2


def test_attributes_of_a_users_network_differ_between_runs(of_the_user):
    rates = {"drop.rate": np.array([0.3, 0.8, 0.3])}
    result = train_stack(
        build_sequential, OF_THE_USER, [4, 4, 5], DATA, attributes=rates
    )
    for same in (0, 2):
        assert_same_runs(result, of_the_user, same, same)
    assert np.abs(result.weights[0][0] - result.weights[0][1]).max() > 1e-4


MISTAKES = {
    "no_seed": (lambda: train_stack(LINEAR, TRAINING, [], DATA), "`seeds` must hold"),
    "too_few_configs": (
        lambda: train_stack([LINEAR] * 2, TRAINING, range(3), DATA),
        r"`model` must be one config or one per seed \(3\)",
    ),
    "two_structures": (
        lambda: train_stack([LINEAR, TINY], TRAINING, [0, 1], DATA),
        "`model` must hold configs of one structure",
    ),
    "rows_of_other_runs": (
        lambda: train_stack(
            LINEAR, TRAINING, [0], Data(X[None][[0, 0]], Y[None][[0, 0]])
        ),
        r"`data.x` must have one set of rows per seed \(1\)",
    ),
    "no_validation_rows": (
        lambda: train_stack(LINEAR, TRAINING, [0], Data(X, Y)),
        r"`data.x_val` must be given to measure \['val_loss'\]",
    ),
    "other_features": (
        lambda: train_stack(LINEAR.replace(input_units=4), TRAINING, [0], DATA),
        r"`model` must have an input of shape \[batch, 3\]",
    ),
    "other_outputs": (
        lambda: train_stack(LINEAR.replace(output_units=2), TRAINING, [0], DATA),
        r"`model` must have an output of shape \[batch, 1\]",
    ),
    "unknown_metric": (
        lambda: train_stack(LINEAR, TRAINING.replace(metrics=("los",)), [0], DATA),
        "`metrics` must be one of .* Did you mean 'loss'",
    ),
    "unknown_probe": (
        lambda: train_stack(LINEAR, TRAINING.replace(probes=("dead",)), [0], DATA),
        "`probes` must be one of",
    ),
    "unknown_attribute": (
        lambda: train_stack(
            LINEAR, TRAINING, [0], DATA, attributes={"output.rate": np.ones(1)}
        ),
        "`attributes` must name something that a layer has",
    ),
    "weights_of_other_shapes": (
        lambda: train_stack(LINEAR, TRAINING, [0], DATA, weights=([], [])),
        "`weights` must be",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_named(case):
    make, message = MISTAKES[case]
    with pytest.raises(ConfigError, match=message):
        make()


def test_given_weights_are_where_training_starts():
    start, state = initial_weights(build_mlp(TINY, stackable=True), np.arange(2))
    start[0][:] = 0.25
    training = TRAINING.replace(num_steps=0)
    result = train_stack(TINY, training, [0, 1], DATA, weights=(start, state))
    assert np.all(result.weights[0] == 0.25)


def train_everything() -> StackResult:
    """Train the first three of the runs that leak nothing to each other."""
    return train_stack(different_networks(3), different_trainings(3), range(3), DATA)


def cases_for_backends() -> dict[str, StackResult]:
    """Train what else TensorFlow and JAX are compared by."""
    stopping = EarlyStoppingConfig(patience=1, restore_best_weights=True)
    probes = ("gradient_norm", "update_ratio", "activation_variance", "dead_share")
    return {
        "early_stopping": train_stack(
            LINEAR,
            TrainingConfig(
                optimizer=OptimizerConfig(name="nadam", learning_rate=0.1),
                batch_size=8,
                epochs=10,
                early_stopping=stopping,
            ),
            range(3),
            DATA,
        ),
        "data_per_run": train_stack(
            TINY.replace(output_activation="sigmoid", activation="prelu"),
            TrainingConfig(
                optimizer=OptimizerConfig(name="rmsprop", learning_rate=0.01),
                loss="binary_crossentropy",
                batch_size=10,
                num_steps=10,
                probes=probes,
            ),
            range(3),
            Data(np.stack([X, -X, 2 * X]), np.tile(Y > 0, (3, 1, 1))),
        ),
    }


@pytest.mark.slow
def test_tensorflow_and_jax_agree(tmp_path, alone):
    pytest.importorskip("jax")
    path = tmp_path / "jax.npz"
    program = (
        "import importlib.util, sys\n"
        "import numpy as np\n"
        "spec = importlib.util.spec_from_file_location('cases', sys.argv[1])\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        "results = module.cases_for_backends()\n"
        "results['everything'] = module.train_everything()\n"
        "np.savez(sys.argv[2], **{\n"
        "    f'{name}.{place}': array\n"
        "    for name, result in results.items()\n"
        "    for place, array in enumerate(module.arrays_of(result))\n"
        "})\n"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-B", "-c", program, __file__, path],
        cwd=ROOT,
        env={**os.environ, "KERAS_BACKEND": "jax", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    with np.load(path) as saved:
        for name, result in cases_for_backends().items():
            for place, array in enumerate(arrays_of(result)):
                np.testing.assert_allclose(saved[f"{name}.{place}"], array, **TOLERANCE)
        for run in range(3):
            for place, array in enumerate(arrays_of(alone[run])):
                np.testing.assert_allclose(
                    saved[f"everything.{place}"][run], array[0], **TOLERANCE
                )

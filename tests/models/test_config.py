import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.config import (
    ACTIVATIONS,
    INITIALIZERS,
    ActivationConfig,
    ConfigError,
    InitializerConfig,
    MLPConfig,
)

GOOD = {"input_units": 5, "hidden_units": (4, 3)}

shifts = st.floats(-2, 2)
rates = st.sampled_from([0.0, 0.1, 0.5])


@st.composite
def activation_configs(draw):
    name = draw(st.sampled_from(ACTIVATIONS))
    has_slope = name in ("leaky_relu", "prelu")
    return ActivationConfig(
        name=name,
        slope=draw(st.none() | shifts) if has_slope else None,
        input_scale=draw(shifts),
        output_shift=draw(shifts),
    )


def initializer_configs():
    names = [name for name in INITIALIZERS if name not in ("zeros", "constant")]
    return st.builds(
        InitializerConfig, name=st.sampled_from(names), gain=st.floats(0.1, 3)
    )


@st.composite
def mlp_configs(draw, hidden_units=None):
    if hidden_units is None:
        hidden_units = draw(st.lists(st.integers(1, 4), max_size=4).map(tuple))
    depth = len(hidden_units)

    def per_layer(values):
        return draw(values | st.tuples(*[values] * depth))

    return MLPConfig(
        input_units=3,
        hidden_units=hidden_units,
        activation=per_layer(activation_configs()),
        kernel_initializer=per_layer(initializer_configs()),
        output_kernel_initializer=draw(initializer_configs()),
        input_dropout=draw(rates),
        dropout=per_layer(rates),
        dropout_unit=draw(st.sampled_from(["sample", "batch"])),
        gaussian_noise=draw(rates),
        l1=draw(rates),
        l2=draw(rates),
        regularize_output=draw(st.booleans()),
        batch_norm=draw(st.sampled_from([None, "before", "after"])),
        batch_norm_center=draw(st.booleans()),
        skip=draw(st.sampled_from([None, "residual"])),
        skip_every=draw(st.integers(1, 3)),
        branch_scale=draw(st.sampled_from([1.0, 0.5, 0.1])),
        input_skip=draw(st.booleans()) and depth > 0,
        output_activation=draw(activation_configs()),
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"hidden_units": (4, -3)},
            "`hidden_units[1]` must be a positive integer. Received: -3.",
        ),
        ({"input_units": 0}, "`input_units` must be a positive integer. Received: 0."),
        ({"output_units": 2.0}, "`output_units` must be a positive integer."),
        (
            {"dropout": 1.0},
            "`dropout` must be at least 0 and less than 1. Received: 1.0.",
        ),
        (
            {"dropout": (0.1, float("nan"))},
            "`dropout[1]` must be at least 0 and less than 1. Received: nan.",
        ),
        ({"input_dropout": float("nan")}, "`input_dropout` must be at least 0"),
        (
            {"dropout": (0.1, 0.1, 0.1)},
            "`dropout` must have one value per hidden layer (2). Received: 3.",
        ),
        ({"activation": ("relu",)}, "`activation` must have one value per hidden"),
        ({"kernel_initializer": ()}, "`kernel_initializer` must have one value per"),
        ({"activation": 3}, "`activation` must be one of ('linear', "),
        (
            {"activation": {"name": "relu", "slope": 0.1}},
            "`activation.slope` must be None for 'relu'",
        ),
        (
            {"output_activation": {"name": "tanh", "input_scal": 2}},
            "`output_activation.input_scal` is not a field of ActivationConfig. "
            "Did you mean `input_scale`?",
        ),
        (
            {"kernel_initializer": "he_norml"},
            "`kernel_initializer` must be one of ('zeros', ",
        ),
        (
            {"kernel_initializer": ("zeros", {"name": "normal", "scale": -1})},
            "`kernel_initializer[1].scale` must be a positive number. Received: -1.",
        ),
        ({"gaussian_noise": -0.1}, "`gaussian_noise` must be a non-negative number."),
        ({"l2": float("inf")}, "`l2` must be a non-negative number. Received: inf."),
        ({"batch_norm_epsilon": 0}, "`batch_norm_epsilon` must be a positive number."),
        ({"batch_norm": "befor"}, "`batch_norm` must be one of ('before', 'after')."),
        ({"dropout_unit": "layer"}, "`dropout_unit` must be one of ('sample', "),
        ({"use_bias": 1}, "`use_bias` must be a boolean. Received: 1."),
        (
            {"use_bias": False, "bias_start": 0.1},
            "`bias_start` must be 0 where `use_bias` is False. Received: 0.1.",
        ),
        (
            {"hidden_units": (), "input_skip": True},
            "`input_skip` must be False without hidden layers. Received: True.",
        ),
        ({"hiden_units": (3,)}, "`hiden_units` is not a field of MLPConfig. Did you"),
    ],
)
def test_a_bad_network_is_refused_with_its_reason(changes, message):
    with pytest.raises(ConfigError) as caught:
        MLPConfig(**{**GOOD, **changes})
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (MLPConfig(input_units=2, hidden_units=(2,)), (9, 9)),
        (
            MLPConfig(input_units=32, hidden_units=(128, 64), dropout=(0.3, 0.2)),
            (12_545, 12_545),
        ),
        (
            MLPConfig(input_units=20, hidden_units=(64, 32), batch_norm="before"),
            (3_841, 3_649),
        ),
        (MLPConfig(input_units=7, hidden_units=()), (8, 8)),
        (MLPConfig(input_units=7, hidden_units=(), use_bias=False), (7, 7)),
    ],
)
def test_parameters_are_counted_without_building(config, expected):
    assert config.parameter_count() == expected


@given(mlp_configs())
def test_a_config_survives_json(config):
    assert MLPConfig.model_validate_json(config.model_dump_json()) == config


@given(mlp_configs())
def test_the_structure_of_a_structure_is_itself(config):
    assert config.structure().structure() == config.structure()


@given(mlp_configs())
def test_a_structure_keeps_what_is_on_and_how_many_parameters_there_are(config):
    structure = config.structure()
    assert structure.continuous().keys() == config.continuous().keys()
    assert structure.weight_shapes() == config.weight_shapes()


@given(st.data())
def test_equal_structures_have_the_same_continuous_values(data):
    units = data.draw(st.sampled_from([(), (3,), (3, 3)]))
    first, second = (data.draw(mlp_configs(units)) for _ in range(2))
    if first.structure() == second.structure():
        assert first.continuous().keys() == second.continuous().keys()


@given(mlp_configs(), st.floats(0.05, 0.9))
def test_continuous_values_do_not_change_the_structure(config, value):
    changes = {
        name: value
        for name in ("input_dropout", "gaussian_noise", "l1", "l2", "branch_scale")
        if getattr(config, name) not in (0, 1)
    }
    changes |= {"batch_norm_momentum": value, "batch_norm_epsilon": value}
    changes |= {"bias_start": value, "kernel_initializer": "he_normal"}
    changes["dropout"] = tuple(value if r else 0.0 for r in config.per_layer("dropout"))
    variant = config.replace(**changes)
    assert variant.structure() == config.structure()
    assert set(variant.continuous().values()) <= set(config.continuous().values()) | {
        value
    }


def test_turning_a_part_on_changes_the_structure():
    config = MLPConfig(**GOOD)
    variants = [
        {"dropout": 0.1},
        {"dropout": (0.0, 0.1)},
        {"input_dropout": 0.1},
        {"gaussian_noise": 0.1},
        {"l1": 0.1},
        {"l2": 0.1},
        {"batch_norm": "before"},
        {"batch_norm": "after"},
        {"skip": "residual"},
        {"skip": "residual", "skip_every": 2},
        {"skip": "residual", "branch_scale": 0.5},
        {"input_skip": True},
        {"activation": "tanh"},
        {"activation": {"name": "relu", "input_scale": 2.0}},
        {"activation": {"name": "relu", "input_shift": 2.0}},
        {"output_activation": "sigmoid"},
        {"hidden_units": (4, 4)},
        {"use_bias": False},
        {"convolutions": ({"filters": 1},)},
        {"convolutions": ({"filters": 1, "padding": "same"},)},
    ]
    structures = [config.replace(**change).structure() for change in variants]
    assert len({config.structure(), *structures}) == len(variants) + 1


def test_one_value_for_all_layers_is_the_same_structure_as_one_for_each():
    one = MLPConfig(**GOOD, activation="tanh", dropout=0.1)
    each = MLPConfig(**GOOD, activation=("tanh", "tanh"), dropout=(0.1, 0.1))
    assert one.structure() == each.structure()
    assert one.continuous() == each.continuous()


def test_a_setting_of_a_part_that_is_off_makes_no_difference():
    config = MLPConfig(**GOOD)
    variant = config.replace(
        batch_norm_scale=False,
        skip_every=2,
        branch_scale=0.1,
        dropout_unit="batch",
        noise_kind="multiplicative",
        regularize_output=True,
        input_shape=(5, 1),
    )
    assert variant.structure() == config.structure()
    assert variant.continuous() == config.continuous() == {}


def test_continuous_values_are_named_by_layer_and_attribute():
    config = MLPConfig(
        **GOOD,
        activation=("leaky_relu", {"name": "tanh", "input_scale": 2.0}),
        dropout=(0.3, 0.0),
        l2=1e-4,
        batch_norm="before",
    )
    assert config.continuous() == {
        "hidden_1.kernel_regularizer.l2": 1e-4,
        "batch_norm_1.momentum": 0.99,
        "batch_norm_1.epsilon": 1e-3,
        "activation_1.negative_slope": 0.2,
        "dropout_1.rate": 0.3,
        "hidden_2.kernel_regularizer.l2": 1e-4,
        "batch_norm_2.momentum": 0.99,
        "batch_norm_2.epsilon": 1e-3,
        "activation_2.input_scale": 2.0,
    }


def test_blocks_cover_the_hidden_layers_and_the_last_may_be_shorter():
    config = MLPConfig(
        input_units=2, hidden_units=(3,) * 5, skip="residual", skip_every=2
    )
    assert config.blocks() == [range(1, 3), range(3, 5), range(5, 6)]
    assert config.replace(skip=None).blocks() == []
    assert config.replace(hidden_units=()).blocks() == []


def test_the_output_takes_the_last_hidden_initializer_when_it_has_none():
    config = MLPConfig(
        **GOOD,
        kernel_initializer=("he_normal", "orthogonal"),
        output_kernel_initializer=None,
    )
    assert config.output_initializer() == InitializerConfig(name="orthogonal")
    assert MLPConfig(**GOOD).output_initializer().name == "glorot_uniform"

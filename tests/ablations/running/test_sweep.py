import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ablations.protocol.network_runs import ArmConfig
from ablations.running.settings import flat, given_fields, with_values
from ablations.running.sweep import (
    describe_sweep,
    make_sweep,
    plan_sweep,
    read_sweep,
    run_sweep,
    sweep,
)
from ablations.tasks import make_task
from ablations.training.train import train_stack
from models.config import ConfigError

BASE = {
    "task": {"name": "xor"},
    "model": {"input_units": 2, "hidden_units": [3], "activation": "tanh"},
    "training": {
        "optimizer": {"name": "adam", "learning_rate": 0.05},
        "num_steps": 20,
        "log_steps": [0, 10],
        "metrics": ["loss", "accuracy"],
    },
}
RATE = "training.optimizer.learning_rate"
FILE = """
seeds = [3, 1]
[base.task]
name = "xor"
[base.model]
input_units = 2
hidden_units = [3]
activation = "tanh"
[base.training]
optimizer = {name = "adam", learning_rate = 0.05}
num_steps = 20
log_steps = [0, 10]
metrics = ["loss", "accuracy"]
"""


def make_base() -> ArmConfig:
    """Return the base as a config."""
    return ArmConfig.model_validate(BASE)


def test_a_grid_makes_every_combination_in_order():
    asked = make_sweep(BASE, {RATE: [0.1, 0.2], "model.hidden_units": [[2], [3, 3]]})
    assert [c.training.optimizer.learning_rate for c in asked.configs] == [
        0.1,
        0.1,
        0.2,
        0.2,
    ]
    assert [c.model.hidden_units for c in asked.configs] == [(2,), (3, 3)] * 2


def test_points_may_set_different_things():
    points = [{}, {"task.name": "and"}, {"model.activation.output_scale": 2.0}]
    asked = make_sweep(make_base(), points)
    assert asked.varied == ("task.name", "model.activation.output_scale")
    assert asked.configs[0] == make_base()
    assert asked.configs[1].task.name == "and"
    activation = asked.configs[2].model.activation
    assert (activation.name, activation.output_scale) == ("tanh", 2.0)


def test_batch_norm_is_judged_with_statistics_of_training_rows_unless_told():
    key, norm = "training.batch_norm_statistics", {"model.batch_norm": "before"}
    points = [{}, norm, {**norm, key: "moving"}]
    asked = make_sweep(make_base(), points)
    found = [config.training.batch_norm_statistics for config in asked.configs]
    assert found == ["moving", "training_rows", "moving"]
    fit = {**BASE, "engine": "fit"}
    (config,) = make_sweep(fit, [norm]).configs
    assert config.training.batch_norm_statistics == "moving"


def test_another_optimizer_or_task_does_not_inherit_what_it_does_not_read():
    base = make_base().replace(task={"name": "spirals", "noise": 0.2})
    (config,) = make_sweep(
        base,
        [{"training.optimizer.name": "sgd", "task.name": "digits", "task.noise": None}],
    ).configs
    assert config.training.optimizer.beta_1 is None
    assert config.task.name == "digits"


def test_the_fields_of_a_config_make_the_config_again():
    config = make_base()
    assert ArmConfig.model_validate(given_fields(config)) == config


def test_setting_values_leaves_the_base_alone():
    changed = with_values(BASE, {"model.activation.slope": 0.1, "engine": "fit"})
    assert changed["model"]["activation"] == {"name": "tanh", "slope": 0.1}
    assert BASE["model"]["activation"] == "tanh"


def test_nested_tables_and_quoted_paths_mean_the_same():
    assert flat({"model": {"l2": [0, 1]}, "a.b": [2]}) == {
        "model.l2": [0, 1],
        "a.b": [2],
    }


def test_what_shares_a_structure_trains_as_one_program():
    values = {
        RATE: [0.01, 0.1, 1.0],
        "model.kernel_initializer": ["zeros", "he_normal"],
    }
    asked = make_sweep(BASE, values, seeds=5)
    plan = plan_sweep(asked)
    assert plan.num_wanted == 30
    assert len({s.members[0].config.structure() for s in plan.stacks}) == 1
    assert {stack.pad_to for stack in plan.stacks} == {10}
    assert "30 runs in 3 stacks" in describe_sweep(asked)


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        (
            {RATE: [0.001, 0.01, 0.01, 1e-2]},
            f"`grid.{RATE}` must not hold a value twice",
        ),
        ({"model.hidden_units": [[3], [4], [3]]}, r"as it does \[3\]"),
        ({"model.l2": [0, 0.0]}, "as it does 0.0"),
        ({"model.activation": ["tanh", {"name": "tanh"}]}, r"`points\[1\]` must not"),
        ([{}, {RATE: 0.1}, {RATE: 0.05}], r"`points\[2\]` .* same as points\[0\], {}"),
    ],
)
def test_what_would_count_a_run_twice_is_refused_by_name(grid, words):
    with pytest.raises(ConfigError, match=words):
        make_sweep(BASE, grid)


def test_runs_are_those_of_the_trainer_and_are_kept(tmp_path):
    path = tmp_path / "runs.sqlite"
    asked = make_sweep(BASE, {RATE: [0.05, 0.5]}, seeds=[4, 7])
    found = run_sweep(asked, store=path, device="cpu")
    assert found.runs["seed"].tolist() == [4, 7, 4, 7]
    assert found.runs[RATE].tolist() == [0.05, 0.05, 0.5, 0.5]
    assert (found.runs["status"] == "ok").all()
    for rate, config in zip((0.05, 0.5), asked.configs, strict=True):
        theirs = train_stack(
            config.model, config.training, [4, 7], make_task(config.task).rows([4, 7])
        )
        rows = found.runs[found.runs[RATE] == rate]
        # A stack of another size may round otherwise, which 20 updates amplify.
        ends = theirs.curves["loss"][:, -1]
        np.testing.assert_allclose(rows["loss"], ends, rtol=1e-4)
        curve = found.curves.query(
            f"`{RATE}` == {rate} and metric == 'loss' and seed == 7"
        )
        assert curve["step"].tolist() == [0, 10, 20]
        np.testing.assert_allclose(curve["value"], theirs.curves["loss"][1], rtol=1e-4)
    again = sweep(BASE, {RATE: [0.05, 0.5]}, seeds=[7], store=path, device="cpu")
    np.testing.assert_array_equal(
        again["loss"], found.runs.loc[found.runs["seed"] == 7, "loss"]
    )


def test_a_file_says_base_grid_and_seeds(tmp_path):
    path = tmp_path / "sweep.toml"
    path.write_text(FILE + '[grid]\n"model.l2" = [0.0, 0.1]\n')
    asked = read_sweep(path)
    assert asked.seeds.tolist() == [3, 1]
    assert [config.model.l2 for config in asked.configs] == [0.0, 0.1]
    path.write_text(FILE + "[[points]]\nmodel.l2 = 0.1\n")
    assert read_sweep(path).varied == ("model.l2",)


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        ({"training.lr": [1]}, "`training.lr` is not a field"),
        ({RATE: [-1]}, "at the point training.optimizer.learning_rate = -1"),
        ({RATE: 0.1}, "must be a list of values"),
        ({RATE: []}, "must hold a value"),
        ({".": [1]}, "dotted paths"),
        ({"task.name": ["xxor"]}, "Did you mean 'xor'"),
        ({"model.hidden_units": [[10**11]]}, "at most 1,000,000,000 weights"),
        ([], "1 to 100,000 points"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_its_point(grid, words):
    with pytest.raises(ConfigError, match=words):
        make_sweep(BASE, grid)


@pytest.mark.parametrize("seeds", [0, -1, [], [1, 1], [-1], 1.5, True, "x", 10**12])
def test_seeds_must_be_different_and_not_negative(seeds):
    with pytest.raises(ConfigError, match="`seeds` must be"):
        make_sweep(BASE, {}, seeds=seeds)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = ", "must be TOML"),
        ("[grid]\na = [1]", "`base` must be a table"),
        ("[base]\n", "Exactly one of `grid` and `points`"),
        ("grid = 1\n[base]\n", "`grid` must be a table"),
        ("points = [1]\n[base]\n", "`points` must be a list of tables"),
        (
            FILE + "[grid]\nx.y = [2026-01-01]",
            r"`grid.x.y\[0\]` must be no date or time",
        ),
        (FILE + "[grid]\nx = [07:30:00]", r"`grid.x\[0\]` must be no date or time"),
        (f"[base]\nx = {2**63}\n[grid]\n", "`base.x` must be an integer of 64 bits"),
        ("more = 1\n[base]\n[grid]\n", "'more'"),
    ],
)
def test_a_file_that_is_no_sweep_is_refused(tmp_path, text, words):
    path = tmp_path / "sweep.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=words):
        read_sweep(path)


HOSTILE = (
    "2026-01-01 2026-01-01T10:00:00Z 07:30:00 [] {} [[1]] [{a=1}] {a=1} true nan inf"
    " -1 0 1e300 99999999999 ['tanh',['x']] '' 'a' {name=[1]} ['a'] [2026-01-01]"
).split()
HOSTILE += ["1" * 402, str(2**63), "[" * 40 + "]" * 40, '"\\u0000\\u001b[31m"']


@pytest.fixture(scope="module")
def sweep_file(tmp_path_factory):
    """Return the path of a file that every example writes anew."""
    return tmp_path_factory.mktemp("sweep") / "sweep.toml"


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_value_in_a_file_ends_in_anything_but_an_error_of_one_line(sweep_file, data):
    lines = [*FILE.splitlines(), "[grid]", '"model.l2" = [0.0, 0.1]']
    place = data.draw(st.sampled_from([i for i, x in enumerate(lines) if "=" in x]))
    name = lines[place].partition(" =")[0]
    inner = data.draw(
        st.sampled_from(["{}", "[{}]", "{{name = {}}}", "{{noise = {}}}"])
    )
    lines[place] = f"{name} = {inner.format(data.draw(st.sampled_from(HOSTILE)))}"
    sweep_file.write_text("\n".join(lines))
    try:
        described = describe_sweep(read_sweep(sweep_file))
    except ConfigError as error:
        described = str(error)
    assert described
    assert max(map(len, described.splitlines())) < 1_000

import ast
import dataclasses
import importlib.util
import math
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ablations.study.settings.config import StudyConfig
from ablations.study.settings.recipe import LOSSES, SCHEDULES, Recipe
from ablations.study.table.dataset import load_dataset
from ablations.study.table.preprocessing import make_pipeline
from models.config import ACTIVATIONS, INITIALIZERS, ConfigError
from models.search_space import OPTIMIZERS
from reports.study import script
from reports.study.model import train_model

HOSTILE = "x'\"\"\"\\\n#{{7*7}}{% raw %}\u202e\N{SNOWMAN}__import__('os').system('id')"
ROOT = Path(__file__).resolve().parents[3]
LINEAR = {
    "net": False,
    "estimator": "LogisticRegression()",
    "estimator_imports": ("from sklearn.linear_model import LogisticRegression",),
    "expectation": "",
    "scaling": "standard",
    "class_weight": "none",
    "weighted": False,
}
EVERYTHING = Recipe(
    width=8,
    depth=3,
    dropout=0.2,
    l2=1e-3,
    weight_decay=0.1,
    batch_norm="before",
    skip="residual",
    schedule="cosine",
    early_stopping=10,
)


def script_of(dataset, source, recipe, **changes):
    """Return the script of a recipe on some data, without a study around it."""
    fields = {
        "net": True,
        "estimator_imports": (),
        "learning_rate": 0.01,
        "epochs": 3,
        "decay_epochs": 5,
        "short_batch": False,
        "build": None,
        "expectation": "As in the study.",
        **script.data_settings(dataset, source),
        **script.recipe_settings(recipe, regression=dataset.task == "regression"),
        **script.preparation_settings(dataset, recipe.settings()),
    }
    return script.render_script({**fields, **changes})


def load(text, tmp_path, name="recommended"):
    path = tmp_path / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(path, *arguments, **variables):
    return subprocess.run(  # noqa: S603 - a script made here
        [sys.executable, str(path), *map(str, arguments)],
        cwd=Path(path).parent,
        env={
            **os.environ,
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONPATH": str(ROOT),
            **variables,
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize(
    "options",
    [{}, {"sep": ";", "decimal": ","}, {"sep": "\t", "encoding": "utf-16"}],
    ids=["plain", "commas", "utf-16"],
)
def test_the_script_reads_exactly_what_the_study_read(
    tmp_path, rows_file, task, options
):
    source = rows_file(task, **options)
    dataset = load_dataset(source, "kind", task)
    found = load(script_of(dataset, source, Recipe()), tmp_path)
    again = found.read_again(source, found.TABLE)
    pd.testing.assert_frame_equal(again.frame, dataset.frame)
    assert again.target.tolist() == dataset.target.tolist()
    assert len(dataset) == found.NUM_ROWS


def test_every_spelling_of_a_class_is_a_row_as_in_the_study(study, tmp_path):
    rng = np.random.default_rng(0)
    said = rng.choice(["YES", "Yes", "yes", "no"], 80)
    path = tmp_path / "spell.csv"
    x = rng.normal(size=80) + 3 * (said != "no")
    pd.DataFrame({"x": x, "paid": said}).to_csv(path, index=False)
    dataset = load_dataset(path, "paid")
    text = script.render_script({**script.data_settings(dataset, str(path)), **LINEAR})
    module = load(text, tmp_path)
    saved = tmp_path / "recommended.joblib"
    told = module.train(module.read_again(path, module.TABLE), saved)
    assert told.startswith("80 rows, ")
    fitted = module.load(saved)
    new = module.read_like(pd.DataFrame({"x": [-9.0, 9.0]}), module.TABLE)
    told = module.predict(fitted, module.prepare(new, fitted["pipeline"]))
    assert told.tolist() == ["no", max(("YES", "Yes", "yes"), key=said.tolist().count)]


def test_the_script_trains_on_whole_batches_only_as_the_study_does(tmp_path, rows_file):
    source = rows_file()
    dataset = load_dataset(source, "kind")
    found = load(script_of(dataset, source, Recipe(batch_size=32)), tmp_path)
    rows = np.arange(100)
    batches = found.Batches(rows, -rows, seed=0)
    seen = [batches[number] for number in range(len(batches))]
    assert [len(x) for x, _ in seen] == [32, 32, 32]
    together = np.concatenate([x for x, _ in seen])
    assert len(np.unique(together)) == 96
    assert all((x == -y).all() for x, y in seen)
    batches.on_epoch_end()
    assert not np.array_equal(batches[0][0], seen[0][0])
    assert len(found.Batches(rows[:20], rows[:20], seed=0)) == 1


def write_rows(path, names, columns):
    """Write rows of numbers under names that need not differ."""
    rows = np.stack(columns, axis=1).tolist()
    lines = [",".join(map(str, row)) for row in (names, *rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Return the script of a study of two columns of one name."""
    folder = tmp_path_factory.mktemp("twice")
    first, second = np.random.default_rng(0).normal(size=(2, 60)).round(3)
    level = np.where(second > 0, "high", "low")
    source = write_rows(
        folder / "rows.csv",
        ("level", "temp", "temp", "flow", "row_id"),
        (level, first, second, first - second, np.arange(1000, 1060)),
    )
    dataset = load_dataset(source, "level")
    assert list(dataset.frame) == ["temp", "temp_2", "flow"]
    text = script.render_script(
        {**script.data_settings(dataset, str(source)), **LINEAR}
    )
    return load(text, folder)


@pytest.fixture
def ask(monkeypatch, capsys):
    """Return a function that runs a script with arguments, and what it prints."""

    def call(module, *arguments):
        monkeypatch.setattr(sys, "argv", [module.__file__, *map(str, arguments)])
        module.main()
        return capsys.readouterr().out

    return call


NEW = {
    "temp": np.array([3, -3, 2.5, -2.5]),
    "temp_2": np.array([0, 0, 5, -5]) + np.array([1, -1, 0, 0]),
    "flow": np.array([2, -2, -2.5, 2.5]),
}


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (("temp", "temp", "flow", "row_id"), ("temp", "temp_2", "flow", "flow")),
        (("flow", "temp", "temp"), ("flow", "temp", "temp_2")),
        (
            ("", "temp", "note", "temp", "flow"),
            ("flow", "temp", "flow", "temp_2", "flow"),
        ),
    ],
    ids=["no target", "another order", "an index and a note"],
)
def test_columns_are_found_by_name_wherever_they_stand(
    twice, tmp_path, ask, names, columns
):
    path = write_rows(tmp_path / "new.csv", names, [NEW[name] for name in columns])
    assert ask(twice, "--predict", path).split() == ["high", "low", "high", "low"]


@pytest.mark.parametrize(
    ("names", "named"), [(("temp", "temp"), "'flow'"), (("temp", "flow"), "'temp'")]
)
def test_a_column_that_cannot_be_matched_is_named(twice, tmp_path, ask, names, named):
    path = write_rows(tmp_path / "new.csv", names, [NEW["temp"], NEW["flow"]])
    with pytest.raises(ConfigError, match=named):
        ask(twice, "--predict", path)


@pytest.mark.usefixtures("warm_python")
def test_what_is_refused_ends_the_script_with_2(twice, tmp_path):
    path = write_rows(tmp_path / "new.csv", ("temp", "temp"), list(NEW.values())[:2])
    done = run(twice.__file__, "--predict", path)
    assert done.returncode == 2
    assert "'flow'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


@pytest.mark.usefixtures("warm_python")
def test_without_the_package_of_the_study_the_script_says_what_it_needs(
    twice, tmp_path
):
    # A module of the same name hides the real package.
    (tmp_path / "ablations.py").write_text("raise ImportError('Nothing is here.')")
    done = run(twice.__file__, PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "package keras-mlp-ablations" in done.stderr


def test_hostile_names_are_literals_and_nothing_else(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {HOSTILE: rng.normal(size=60), HOSTILE + "c": rng.choice(["a", HOSTILE], 60)}
    )
    frame["t" + HOSTILE] = np.where(frame[HOSTILE] > 0, HOSTILE, "b")
    dataset = load_dataset(frame, "t" + HOSTILE)
    text = script_of(dataset, HOSTILE, Recipe(), expectation=HOSTILE)
    tree = ast.parse(text)
    calls = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "__import__" not in calls
    assert HOSTILE in {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    assert "\u202e" not in text
    found = load(text, tmp_path)
    assert found.DATA == HOSTILE
    path = tmp_path / "rows.csv"
    frame.to_csv(path, index=False)
    again = found.read_again(path, found.TABLE)
    assert again.target.tolist() == dataset.target.tolist()
    pd.testing.assert_frame_equal(again.frame, dataset.frame)


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize(
    "recipe",
    [Recipe(width=8), EVERYTHING, Recipe(depth=0)],
    ids=["plain", "all", "linear"],
)
def test_the_network_of_the_script_is_that_of_the_study(
    tmp_path, rows_file, task, recipe
):
    from models.mlp import build_mlp

    source = rows_file(task)
    dataset = load_dataset(source, "kind", task)
    recipe = recipe.replace(loss=LOSSES[task][0])
    mine = load(script_of(dataset, source, recipe), tmp_path).build(7)
    ours = build_mlp(recipe.model(7, len(dataset.classes) or 1), seed=1)
    assert [w.shape for w in mine.weights] == [w.shape for w in ours.weights]
    mine.set_weights(ours.get_weights())
    x = np.random.default_rng(0).normal(size=(5, 7)).astype("float32")
    # The same sums in another order of float32.
    assert np.asarray(mine(x)) == pytest.approx(np.asarray(ours(x)), rel=1e-4, abs=1e-5)
    assert len(mine.losses) == len(ours.losses)
    if mine.losses:
        assert float(sum(mine.losses)) == pytest.approx(
            float(sum(ours.losses)), rel=1e-5
        )


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_is_that_of_the_study(name):
    import keras

    from models.activations import FUNCTIONS, leaky_relu

    inputs = x = keras.Input((5,))
    code = script.activation_code(name)
    outputs = eval(code, {"keras": keras, "x": x})  # noqa: S307 - our own table
    values = np.linspace(-3, 3, 10, dtype="float32").reshape(2, 5)
    slopes = {"leaky_relu": 0.2, "prelu": 0.0}
    expected = (
        leaky_relu(values, slopes[name]) if name in slopes else FUNCTIONS[name](values)
    )
    found = keras.Model(inputs, outputs)(values)
    assert np.asarray(found) == pytest.approx(np.asarray(expected), abs=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_is_that_of_the_study(name):
    import keras

    from ablations.training.config import OptimizerConfig
    from ablations.training.fit import keras_optimizer

    decay = 0.01
    code = script.recipe_settings(
        Recipe(optimizer=name, weight_decay=decay), regression=False
    )["optimizer"]
    mine = eval(code, {"keras": keras, "rate": 0.1})  # noqa: S307 - our own table
    config = OptimizerConfig(name=name, learning_rate=0.1, weight_decay=decay)
    ours = keras_optimizer(config)
    assert type(mine) is type(ours)

    def numbers(optimizer):
        return {
            k: pytest.approx(v) if isinstance(v, float) else v
            for k, v in optimizer.get_config().items()
            if k not in ("name", "learning_rate")
        }

    assert numbers(mine) == numbers(ours)


@pytest.mark.parametrize("name", [n for n in INITIALIZERS if n != "constant"])
def test_every_initializer_is_that_of_the_study(name):
    import keras

    from models.config import InitializerConfig
    from models.initializers import to_keras

    code = script.recipe_settings(Recipe(initializer=name), regression=False)
    code = code["initializer"]
    made = keras.initializers.get(eval(code, {"keras": keras}))  # noqa: S307
    ours = to_keras(InitializerConfig(name=name), seed=1)
    assert type(made) is type(ours)
    config, other = made.get_config(), ours.get_config()
    assert {**config, "seed": 1} == {**other, "seed": 1}


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_every_schedule_and_loss_makes_a_script(rows_file, schedule, task):
    source = rows_file(task)
    dataset = load_dataset(source, "kind", task)
    for loss in LOSSES[task]:
        ast.parse(script_of(dataset, source, Recipe(schedule=schedule, loss=loss)))


def test_lines_are_no_longer_than_people_read(rows_file):
    source = rows_file()
    text = script_of(load_dataset(source, "kind"), "rows.csv", EVERYTHING)
    assert max(map(len, text.splitlines())) <= 100
    assert text.endswith("sys.exit(2)\n")
    assert "\n\n\n\n" not in text


def test_the_model_of_the_script_is_plain_code(study):
    text = script.write_script(study())
    imported = {
        node.module if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    ours = {name for name in imported if name.split(".")[0] in ("ablations", "models")}
    assert ours == {
        "ablations.study.table.again",
        "ablations.study.table.preprocessing",
        "ablations.study.table.reading",
        "models.config",
    }
    assert "In the study, accuracy on test rows was 83." in text


def test_where_nothing_is_recommended_there_is_no_script(study):
    assert script.write_script(study(kind="nothing")) is None


def test_a_net_that_only_a_function_of_the_users_builds_has_no_script(study):
    result = study()
    sizes = result.arms.assign(num_parameters=7)
    assert script.write_script(study(arms=sizes)) is None
    recipes = {n: r.with_levels({"own": 3}) for n, r in result.recipes.items()}
    assert script.write_script(study(recipes=recipes)) is None


def test_a_factory_with_an_address_is_imported_from_there(study, tmp_path, monkeypatch):
    import keras

    factory = types.ModuleType("my_factory")
    factory.build = lambda config: keras.Sequential(
        [keras.Input((config.num_inputs,)), keras.layers.Dense(config.width)]
    )
    monkeypatch.setitem(sys.modules, "my_factory", factory)
    config = StudyConfig(data="rows.csv", target="kind", build="my_factory:build")
    text = script.write_script(study(config=config))
    model = load(text, tmp_path).build(5)
    assert model.output_shape == (None, 8)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_a_recommended_baseline_is_scikit_learn_code(
    study, rows_file, tmp_path, ask, task
):
    source = rows_file(task)
    text = script.write_script(study(source, task=task, kind="baseline"))
    assert "import keras" not in text
    model = "LogisticRegression(C=0.1" if task == "classification" else "Ridge(alpha=10"
    assert model in text
    module = load(text, tmp_path)
    assert ask(module).startswith("120 rows, ")
    assert len(ask(module, "--predict", source).split()) == 120


@pytest.mark.parametrize(
    ("task", "changes"),
    [
        ("regression", {"target_transform": "log"}),
        ("regression", {"target_transform": "quantile", "scaling": "quantile"}),
        (
            "classification",
            {"class_weight": "balanced", "ensemble": 2, "batch_norm": "after"},
        ),
    ],
    ids=["log", "quantile", "ensemble"],
)
def test_every_ingredient_is_trained_saved_and_asked(
    rows_file, tmp_path, task, changes
):
    import keras

    source = rows_file(task)
    dataset = load_dataset(source, "kind", task)
    if task == "regression":
        dataset = dataclasses.replace(dataset, target=np.exp(dataset.target / 5))
    recipe = Recipe(width=8, depth=1, loss=LOSSES[task][0], **changes)
    module = load(script_of(dataset, source, recipe), tmp_path)
    saved = tmp_path / "recommended.keras"
    assert module.train(dataset, saved).startswith("120 rows, ")
    fitted = module.load(saved)
    x = module.prepare(dataset.frame, fitted["pipeline"])
    told = module.predict(fitted, x)
    if task == "regression":
        assert told.min() >= dataset.target.min() - 1e-3
        assert told.max() <= dataset.target.max() + 1e-3
        alone = keras.saving.load_model(saved)(x)
        is_in_unit = np.allclose(np.asarray(alone)[:, 0], told, rtol=1e-4)
        assert is_in_unit == (changes["target_transform"] == "log")
    else:
        assert set(told) <= set(dataset.classes)
        models = [type(layer) for layer in fitted["model"].layers]
        assert models.count(type(fitted["model"])) == 2
        for member in fitted["model"].layers[1:3]:
            first, *_ = (one for one in member.layers if hasattr(one, "moving_mean"))
            seen = np.asarray(keras.Model(member.input, first.input)(x))
            ours = (first.moving_mean, first.moving_variance)
            assert np.allclose(ours, (seen.mean(axis=0), seen.var(axis=0)), rtol=1e-3)
        shares = fitted["model"].predict(x, verbose=0)
        assert shares.sum(axis=1) == pytest.approx(np.ones(120), abs=1e-5)


def test_rows_count_by_their_column_of_weights(rows_file, tmp_path):
    path = Path(rows_file())
    frame = pd.read_csv(path)
    # What does not count says the opposite of what counts.
    twin = frame.assign(kind=frame["kind"].map({"good": "bad", "bad": "good"}))
    both = pd.concat([frame.assign(count=1.0), twin.assign(count=0.0)])
    both.to_csv(path, index=False)
    dataset = load_dataset(path, "kind", weight="count")
    settings = {**script.data_settings(dataset, str(path)), **LINEAR, "weighted": True}
    module = load(script.render_script(settings), tmp_path)
    saved = tmp_path / "recommended.joblib"
    again = module.read_again(path, module.TABLE)
    assert again.weights.tolist() == dataset.weights.tolist()
    assert module.train(again, saved).startswith("240 rows, ")
    fitted = module.load(saved)
    told = module.predict(fitted, module.prepare(again.frame, fitted["pipeline"]))
    assert np.mean(told[:120] == frame["kind"]) > 0.8


@pytest.mark.slow
@pytest.mark.usefixtures("warm_python")
def test_the_script_trains_saves_and_predicts(study, rows_file, tmp_path, ask):
    import keras

    source = rows_file()
    text = script.write_script(study(source))
    path = tmp_path / "recommended.py"
    path.write_text(text)
    done = run(path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("120 rows, ")
    model = keras.saving.load_model(path.with_suffix(".keras"), safe_mode=True)
    module = load(text, tmp_path, "loaded")
    dataset = module.read_again(source, module.TABLE)
    x = make_pipeline(dataset).fit_transform(dataset.frame)
    shares = np.asarray(model(x))
    assert shares.sum(axis=1) == pytest.approx(np.ones(120), abs=1e-5)
    told = ask(module, "--predict", source, "--model", path.with_suffix(".keras"))
    assert told.split() == [("bad", "good")[k] for k in shares.argmax(axis=1)]


@pytest.mark.slow
@pytest.mark.usefixtures("warm_python")
def test_a_model_of_numbers_answers_in_the_unit_of_the_target(study, tmp_path):
    import keras

    result = study("a frame", task="regression")
    made, said = train_model(script.write_script(result), result.dataset, "a frame")
    assert set(made) == {"recommended.keras", "recommended.joblib"}, said
    path = tmp_path / "model.keras"
    path.write_bytes(made["recommended.keras"])
    model = keras.saving.load_model(path, safe_mode=True)
    x = make_pipeline(result.dataset).fit_transform(result.dataset.frame)
    answers = np.asarray(model(x.astype("float32")))[:, 0]
    target = result.dataset.target
    error = math.sqrt(np.mean((answers - target) ** 2))
    assert error < target.std()
    told = float(re.search(r"error on them ([\d.]+)\.", said)[1])
    assert told == pytest.approx(error, rel=1e-3)


@pytest.mark.usefixtures("warm_python")
def test_a_script_that_fails_says_why(study):
    dataset = study().dataset
    assert train_model("raise ValueError('no luck')", dataset, "a frame") == (
        {},
        "ValueError: no luck",
    )
    script = "def train(*_): pass"
    assert train_model(script, dataset, "a frame") == ({}, "it wrote no model")

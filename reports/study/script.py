"""Write the recommended recipe as a Python script.

Its model is plain code of Keras or scikit-learn; tables are read and prepared by the
functions that the study used, so that the same cell is the same number. Whatever comes
from the data stands in it as a literal, so that no name or value can become code.
"""

from __future__ import annotations

import functools
import pprint
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from ablations.study.table import preprocessing
from ablations.study.table.reading import plain_readings
from ablations.study.table.target_scale import curve_of
from models.config import ACTIVATIONS, ActivationConfig
from reports.page import environment
from reports.study.readings.net import shown_net
from reports.study.readings.numbers import range_text, score_text, title

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult
    from ablations.study.settings.recipe import Recipe
    from ablations.study.table.dataset import Dataset

WIDTH = 84

KERAS_NAMES = {"swish": "silu"}
"""Activations that Keras calls otherwise."""

ACTIVATION_CODE = {
    "prelu": "keras.layers.PReLU()(x)",
    "hard_step": "keras.ops.sign(keras.ops.relu(x))",
    "square": "keras.ops.square(x)",
    "cosine": "keras.ops.cos(x)",
}
"""Those that Keras has no name for."""

INITIALIZER_CODE = {
    "zeros": '"zeros"',
    "uniform": "keras.initializers.RandomUniform(-0.05, 0.05)",
    "normal": "keras.initializers.RandomNormal(stddev=0.05)",
    "orthogonal": "keras.initializers.Orthogonal()",
}
"""Those that are no variance scaling, which Keras knows by their names."""

OPTIMIZER_CODE = {
    "sgd": "keras.optimizers.SGD(rate{decay})",
    "momentum": "keras.optimizers.SGD(rate, momentum=0.9{decay})",
    "nesterov": "keras.optimizers.SGD(rate, momentum=0.9, nesterov=True{decay})",
    "adagrad": "keras.optimizers.Adagrad(rate{decay})",
    "adadelta": "keras.optimizers.Adadelta(rate{decay})",
    "rmsprop": "keras.optimizers.RMSprop(rate{decay})",
    "adam": "keras.optimizers.Adam(rate{decay})",
    "adamw": "keras.optimizers.AdamW(rate{decay})",
    "nadam": "keras.optimizers.Nadam(rate{decay})",
    "adamax": "keras.optimizers.Adamax(rate{decay})",
    "lion": "keras.optimizers.Lion(rate{decay})",
    "muon": "keras.optimizers.Muon(rate, weight_decay={value!r},"
    " adam_weight_decay={value!r})",
}

LOSS_CODE = {
    "crossentropy": "keras.losses.CategoricalCrossentropy(from_logits=True)",
    "binary_crossentropy": "keras.losses.BinaryCrossentropy(from_logits=True)",
    "mse": "keras.losses.MeanSquaredError()",
    "mae": "keras.losses.MeanAbsoluteError()",
    "huber": "keras.losses.Huber()",
}


def literal(value: Any) -> str:
    """Write a value as Python code that gives it back, long ones on several lines."""
    return pprint.pformat(value, width=WIDTH, compact=True, sort_dicts=False)


def write_script(result: StudyResult) -> str | None:
    """Return the script of what is recommended.

    None where nothing is, or where a net is that only the user's own function builds
    and that function has no address to import it from.
    """
    kind = result.recommendation.kind
    if kind == "net":
        if result.config.build is None and is_built_elsewhere(result):
            return None
        settings = {"net": True, **net_settings(result), "estimator_imports": ()}
    elif kind == "baseline":
        settings = {"net": False, **baseline_settings(result)}
    else:
        return None
    return render_script(
        {
            **data_settings(result.dataset, result.config.data),
            **settings,
            "expectation": expectation(result),
        }
    )


def render_script(
    settings: Mapping[str, Any], *, name: str = "recommended", origin: str = "study"
) -> str:
    """Return the script that has these settings.

    Args:
        settings: What the template reads.
        name: What its files are called, without an ending.
        origin: What found the model: a study, or a search.
    """
    template = _environment().get_template("study/recommended.py.j2")
    return template.render({**settings, "name": name, "origin": origin}) + "\n"


@functools.cache
def _environment() -> Environment:
    """Return the environment of the pages, with what writes literals of Python."""
    made = environment().overlay()
    made.filters = {**made.filters, "literal": literal}
    return made


def expectation(result: StudyResult) -> str:
    """Say what the study expects of rows that took no part in training."""
    chosen, score = result.recommendation, result.score
    ends = range_text(score, chosen.low, chosen.high)
    return (
        f"In the study, {title(score)} on test rows was"
        f" {score_text(score, chosen.score)} ({ends})."
    )


def data_settings(dataset: Dataset, source: str) -> dict[str, Any]:
    """Return what the script must know of the data.

    Args:
        dataset: The data as they were read.
        source: Where they were read from, as the user wrote it.
    """
    return {
        "data": source,
        "num_rows": len(dataset),
        "table": {**plain_readings(dataset), "weight": dataset.weight_name},
        "regression": dataset.task == "regression",
    }


def preparation_settings(
    dataset: Dataset, ingredients: Mapping[str, Any]
) -> dict[str, Any]:
    """Return how rows are prepared, where a net or a baseline has a say.

    Args:
        dataset: The data.
        ingredients: `scaling`, `target_transform` and `class_weight`, as a recipe has
            them; what is not there is plain.
    """
    class_weight = ingredients.get("class_weight", "none")
    return {
        "scaling": ingredients.get("scaling", "standard"),
        "curve": curve_of(dataset, ingredients.get("target_transform", "none")),
        "class_weight": class_weight,
        "weighted": class_weight != "none" or dataset.weights is not None,
    }


def net_settings(result: StudyResult) -> dict[str, Any]:
    """Return what the script must know of the recommended net."""
    arm = shown_net(result)
    recipe = result.recipes[arm]
    row = result.arms[result.arms["arm"] == arm].iloc[0]
    total = result.budget.epochs
    used = float(row["epochs"])
    regression = result.dataset.task == "regression"
    build = _own_build(result)
    # A factory of the user's may have batch norm, whatever the recipe says.
    own = {} if build is None else {"restates": True}
    return {
        **recipe_settings(recipe, regression=regression),
        **own,
        **preparation_settings(result.dataset, recipe.settings()),
        "learning_rate": float(f"{result.recommendation.learning_rate:.6g}"),
        "epochs": max(1, round(used)) if used == used else total,
        "decay_epochs": total,
        "short_batch": False,
        "build": build,
    }


def recipe_settings(recipe: Recipe, *, regression: bool) -> dict[str, Any]:
    """Return the code of every ingredient of a recipe."""
    decay = f", weight_decay={recipe.weight_decay!r}"
    has_decay = bool(recipe.weight_decay) or recipe.optimizer == "adamw"
    return {
        "hidden_units": [recipe.width] * recipe.depth,
        "activation": activation_code(recipe.activation),
        "initializer": INITIALIZER_CODE.get(
            recipe.initializer, f'"{recipe.initializer}"'
        ),
        "dropout": recipe.dropout,
        "l2": recipe.l2,
        "batch_norm": recipe.batch_norm,
        "momentum": 0.9,
        "restates": recipe.has_batch_norm,
        "skip": recipe.skip == "residual",
        "softmax_inside": recipe.loss == "mse" and not regression,
        "sigmoid": recipe.loss == "binary_crossentropy",
        "optimizer": OPTIMIZER_CODE[recipe.optimizer].format(
            decay=decay if has_decay else "", value=recipe.weight_decay
        ),
        "loss": LOSS_CODE[recipe.loss],
        "schedule": recipe.schedule,
        "batch_size": recipe.batch_size,
        "early_stopping": recipe.early_stopping,
        "ensemble": recipe.ensemble,
    }


def is_built_elsewhere(result: StudyResult) -> bool:
    """Return whether the shown net is none of ours, by its options or its size."""
    arm = shown_net(result)
    recipe, dataset = result.recipes[arm], result.dataset
    if recipe.options:
        return True
    pipeline = preprocessing.make_pipeline(dataset)
    num_inputs = pipeline.fit_transform(dataset.frame).shape[1]
    counts = recipe.model(num_inputs, len(dataset.classes) or 1).parameter_count()
    table = result.arms.set_index("arm")["num_parameters"]
    return int(table[arm]) not in counts


def activation_code(name: str) -> str:
    """Return what applies an activation to `x`.

    Examples:
        >>> activation_code("swish")
        'keras.layers.Activation("silu")(x)'
    """
    if name not in ACTIVATIONS:
        ActivationConfig(name=name)
    plain = f'keras.layers.Activation("{KERAS_NAMES.get(name, name)}")(x)'
    return ACTIVATION_CODE.get(name, plain)


def _own_build(result: StudyResult) -> Mapping[str, Any] | None:
    """Return module, name and settings of the user's own factory, None without one."""
    if result.config.build is None:
        return None
    module, _, name = result.config.build.partition(":")
    recipe = result.recipes[shown_net(result)]
    dataset = result.dataset
    settings = {
        **recipe.settings(),
        "num_outputs": len(dataset.classes) or 1,
        "task": dataset.task,
    }
    return {"module": module, "name": name, "settings": settings}


def baseline_settings(result: StudyResult) -> dict[str, Any]:
    """Return the code of the recommended baseline, a model of scikit-learn."""
    name = result.recommendation.name
    table = result.baselines
    row = table[table["baseline"] == name].iloc[0]
    model = _model(result.dataset, name, row["settings"], int(row.get("rounds", 0)))
    kind = type(model)
    package = ".".join(kind.__module__.split(".")[:2])
    return {
        **preparation_settings(result.dataset, row.to_dict()),
        # scikit-learn writes its models as the code that makes them.
        "estimator": " ".join(repr(model).split()),
        "estimator_imports": (f"from {package} import {kind.__name__}",),
    }


def _model(dataset: Dataset, name: str, listed: Any, rounds: int) -> Any:
    """Return the model of a baseline, with settings as the study lists them."""
    from ablations.study.training.baselines import BASELINES, for_rows

    baseline = next(one for one in BASELINES if one.name == name)
    told = {_told(one): one for one in baseline.settings}
    settings = told.get(str(listed), baseline.settings[0])
    if rounds:
        settings = {**settings, "max_iter": rounds}
    return baseline.make(dataset.task, for_rows(baseline, settings, len(dataset)))


def _told(settings: Mapping[str, Any]) -> str:
    """Write settings as the study lists them."""
    return ", ".join(f"{name}={value:g}" for name, value in settings.items())

"""A second implementation, which imports nothing of ours, finds what is published."""

import ast
import csv
import importlib
import json
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks" / "replication"
CONDITIONS = json.loads((FOLDER / "conditions.json").read_text(encoding="utf-8"))
OURS = {"ablations", "models", "reports"}


@pytest.fixture(scope="module")
def load():
    """Return a function that imports a script of the folder by its name."""
    before = {*sys.modules}
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module
    sys.path.remove(str(FOLDER))
    for path in FOLDER.glob("*.py"):
        if path.stem not in before:
            sys.modules.pop(path.stem, None)


def condition_of(claim: str, key: str) -> dict:
    (found,) = [c for c in CONDITIONS if (c["claim"], c["key"]) == (claim, key)]
    return found


@pytest.mark.parametrize("script", ["draws", "retrain", "replicate"])
def test_the_second_implementation_imports_nothing_of_ours(script):
    tree = ast.parse((FOLDER / f"{script}.py").read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
        )
    }
    assert imported
    assert not imported & OURS


def test_the_sampled_conditions_are_those_that_are_published(load):
    assert load("export").conditions() == CONDITIONS


def test_the_published_table_covers_the_sample_and_explains_what_differs():
    table = (FOLDER / "agreement.csv").read_text(encoding="utf-8").splitlines()
    rows = {(row["claim"], row["key"]): row for row in csv.DictReader(table)}
    sampled = {(c["claim"], c["key"]): c for c in CONDITIONS}
    assert rows.keys() == sampled.keys()
    assert len(rows) >= 30
    for name, row in rows.items():
        assert float(row["published"]) == sampled[name]["estimate"]
    differ = {name for name, row in rows.items() if row["agrees"] == "False"}
    assert len(differ) <= 0.05 * len(rows)
    text = (FOLDER / "explained.toml").read_text(encoding="utf-8")
    explained = {(c, k) for c, keys in tomllib.loads(text).items() for k in keys}
    assert explained == differ


@pytest.mark.parametrize(
    ("rule", "variance"),
    [("glorot_uniform", 2 / 120), ("he_normal", 2 / 80), ("lecun_normal", 1 / 80)],
)
def test_first_weights_have_the_variance_of_their_rule(load, rule, variance):
    random = np.random.default_rng(0)
    kernel = load("draws").draw_kernel({"name": rule, "gain": 1.0}, (80, 40), random)
    assert abs(kernel.mean()) < 0.01
    # 3,200 weights: the deviation of their variance is at most 2.5 % of it.
    assert kernel.var() == pytest.approx(variance, rel=0.1)


def test_statistics_of_rows_are_taken_where_there_are_none(load):
    condition = condition_of("batch_norm_allows_higher_learning_rates", "adam_3")
    (arm,) = condition["arms"]
    model, random = arm["model"], np.random.default_rng(0)
    weights = load("draws").draw_weights(model, random)
    x, other = random.normal(size=(2, 30, model["input_units"])).astype(np.float32)
    forward = load("retrain").forward
    said, state = forward(model, weights, [None] * len(weights["hidden"]), x)
    first, z = weights["hidden"][0], x @ weights["hidden"][0]["w"]
    np.testing.assert_allclose(state[0][0], z.mean(axis=0) + first["b"], atol=1e-5)
    np.testing.assert_allclose(state[0][1], z.var(axis=0), rtol=1e-4)
    again, kept = forward(model, weights, state, x)
    np.testing.assert_allclose(again, said, rtol=1e-4, atol=1e-5)
    assert not np.allclose(forward(model, weights, kept, other)[0], said)


def test_it_agrees_with_a_published_share_and_not_with_a_changed_network(load):
    condition = condition_of("hundred_epochs_are_enough_for_xor", "after100")
    compare = load("replicate").compare
    assert compare(condition, 200).agrees
    (arm,) = condition["arms"]
    relu = arm["model"]["activation"] | {"name": "relu"}
    other = arm | {"model": arm["model"] | {"activation": relu}}
    assert not compare(condition | {"arms": [other]}, 200).agrees


def test_intervals_are_widened_for_both_samples(load):
    condition = {"n": 300, "estimate": 0.5, "low": 0.4, "high": 0.55}
    low, high = load("retrain").widened(condition, 100)
    assert (low, high) == pytest.approx((0.3, 0.6))

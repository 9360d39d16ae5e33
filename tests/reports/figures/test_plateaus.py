import numpy as np

from reports.figures.plateaus import (
    find_plateaus,
    is_solved,
    name_outputs,
    solution_kinds,
)


def test_runs_are_sorted_by_where_they_ended(source):
    runs = next(source.all_runs())
    plateaus = find_plateaus(runs)
    assert [(p.name, len(p.members)) for p in plateaus] == [
        ("½ everywhere", 16),
        ("0 and 1 for equal inputs, 0 and 1 for mixed", 8),
    ]
    assert [round(p.loss, 3) for p in plateaus] == [0.25, 0.5]
    kinds = solution_kinds(runs)
    assert {name: len(members) for name, members in kinds.items()} == {
        "folds the sum": 8,
        "folds the difference": 16,
    }
    everywhere = [m for p in plateaus for m in p.members]
    everywhere += [m for members in kinds.values() for m in members]
    assert sorted(everywhere) == list(range(len(runs.table)))


def test_plateaus_hold_no_solved_run(source):
    runs = next(source.all_runs())
    solved = is_solved(runs)
    assert not any(solved[p.members].any() for p in find_plateaus(runs))


def test_without_weights_the_loss_names_the_plateau(source):
    runs = next(source.all_runs())
    del runs.table.arrays["weights"]
    assert [p.name for p in find_plateaus(runs)] == ["loss near 0.25", "loss near 0.5"]


def test_outputs_are_named_by_fractions_where_they_are_close_to_one():
    assert name_outputs(np.array([0.5, 0.501, 0.499, 0.5])) == "½ everywhere"
    assert (
        name_outputs(np.array([0.0, 0.34, 0.58, 1.0]))
        == "0 and ⅓ for equal inputs, 0.58 and 1 for mixed"
    )

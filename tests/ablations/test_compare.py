"""Two stores that say the same, another thing, the opposite, or nothing."""

import json
import sqlite3
from collections.abc import Sequence

import numpy as np
import pytest

from ablations.compare import (
    LOSS_ROUNDING,
    WORDS,
    compare_stores,
    ended_alike,
)
from ablations.comparison_lines import describe_comparison
from ablations.evidence.versions import measurement_specification
from ablations.judging.judgement import give_verdict
from ablations.judging.lock import lock_rules
from ablations.protocol.claim import RegisteredClaim
from ablations.protocol.kinds import ExactCheck, SuccessRate
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.store.store import Store

ARM = drawn_arm("arm", xor_arm(num_steps=500))
OTHER = drawn_arm("other", xor_arm(num_steps=500, learning_rate=0.5))
MEASUREMENT = "linear_fit_of_xor"


def share(key: str = "share", arm=ARM, bound: float = 0.5, **changes) -> SuccessRate:
    fields = {"key": key, "label": key, "arm": arm, "score": solved(), "bound": bound}
    return SuccessRate(**(fields | changes))


def exact(expected: float, tolerance: float = 0.0) -> ExactCheck:
    return ExactCheck(
        key="exact",
        label="exact",
        measurement=MEASUREMENT,
        quantity="weights",
        expected=expected,
        tolerance=tolerance,
    )


class Shop:
    """Make stores whose every run is known."""

    def __init__(self, folder) -> None:
        self.folder = folder

    def put(
        self,
        name: str,
        values: Sequence[float],
        *,
        arm=ARM,
        losses: Sequence[float] | None = None,
        backend: str = "tensorflow",
        measured: float | None = None,
        locked: Sequence[RegisteredClaim] = (),
    ):
        """Add one run per value, `[S]`, and return where the store is."""
        path = self.folder / f"{name}.sqlite"
        size = len(values)
        machine = {"backend": backend, backend: "1.0", "cores": 2}
        with Store.open(path) as store:
            lock_rules(locked, store)
            loss = np.zeros(size) if losses is None else losses
            store.insert(
                store.put_spec(arm.config.specification()),
                np.arange(size),
                ["ok"] * size,
                [-1] * size,
                {
                    "curve.solved": np.asarray(values, np.float32)[:, None],
                    "curve.loss": np.asarray(loss, np.float32)[:, None],
                    "steps": np.full((size, 1), 500),
                },
                machine,
            )
            if measured is not None:
                store.insert(
                    store.put_spec(measurement_specification(MEASUREMENT)),
                    [0],
                    ["ok"],
                    [-1],
                    {"weights": np.array([[measured]])},
                    machine,
                )
        return path

    def keep(self, path, claim: RegisteredClaim, **how) -> None:
        """Judge a claim and keep the verdict, as `ablations run` does."""
        from ablations.evidence.evidence import Evidence

        with Store.open(path) as store:
            verdict = give_verdict(claim, Evidence(store), "quick", **how)
            store.put_verdicts([verdict.record()])


@pytest.fixture
def shop(tmp_path) -> Shop:
    return Shop(tmp_path)


ALL, NONE, HALF = [1.0] * 20, [0.0] * 20, [0.0, 1.0] * 10


def test_a_store_agrees_with_itself_on_everything(shop, make_claim):
    path = shop.put("a", HALF)
    found = compare_stores([make_claim(share(bound=0.1))], path, path)
    (one,) = found["claims"]
    assert one["agreement"] == "same"
    assert one["a"] == one["b"]
    assert one["a"]["verdict"] == "supported"
    assert (found["contradicts"], found["unlike"]) == (False, {})
    runs = found["shared_runs"]
    assert runs["runs"] == runs["losses"] == runs["outcomes"] == 20
    assert runs["same_status"] == runs["same_loss"] == runs["same_outcome"] == 20
    assert runs["same_digits"] == 20


def test_supported_and_refuted_contradict(shop, make_claim):
    a, b = shop.put("a", ALL), shop.put("b", NONE)
    found = compare_stores([make_claim(share())], a, b)
    (one,) = found["claims"]
    assert one["agreement"] == "contradicts"
    assert [one[side]["verdict"] for side in "ab"] == ["supported", "refuted"]
    assert one["a"]["low"] > 0.5 > one["b"]["high"]
    assert found["contradicts"]
    assert found["counts"] == dict.fromkeys(WORDS, 0) | {"contradicts": 1}
    assert found["shared_runs"]["same_outcome"] == 0


def test_an_open_verdict_differs_from_a_settled_one_and_contradicts_none(
    shop, make_claim
):
    a, b = shop.put("a", ALL), shop.put("b", HALF)
    found = compare_stores([make_claim(share())], a, b)
    assert found["claims"][0]["agreement"] == "differs"
    assert found["conditions"]["differs"] == 1
    assert not found["contradicts"]
    assert found["shared_runs"]["same_outcome"] == 10


def test_conditional_differs_from_supported_and_the_condition_contradicts(
    shop, make_claim
):
    claim = make_claim(
        share("one", at=("rate", 1)), share("other", OTHER, at=("rate", 2)), axis="rate"
    )
    a, b = shop.put("a", ALL), shop.put("b", ALL)
    shop.put("a", ALL, arm=OTHER)
    shop.put("b", NONE, arm=OTHER)
    found = compare_stores([claim], a, b)
    (one,) = found["claims"]
    assert one["agreement"] == "differs"
    assert [c["agreement"] for c in one["conditions"]] == ["same", "contradicts"]
    assert found["contradicts"]


def test_conditional_verdicts_on_opposite_conditions_are_not_the_same(shop, make_claim):
    claim = make_claim(
        share("one", at=("rate", 1)), share("other", OTHER, at=("rate", 2)), axis="rate"
    )
    a, b = shop.put("a", ALL), shop.put("b", NONE)
    shop.put("a", NONE, arm=OTHER)
    shop.put("b", ALL, arm=OTHER)
    found = compare_stores([claim], a, b)
    (one,) = found["claims"]
    assert one["a"]["verdict"] == one["b"]["verdict"] == "conditional"
    assert one["agreement"] == "differs"
    assert found["conditions"]["contradicts"] == 2


@pytest.mark.parametrize(
    ("measured", "tolerance", "agreement", "same_number"),
    [
        ((2.0, 2.0), 0.0, "same", True),
        # Both refute the 1 that is expected, but by different numbers.
        ((2.0, 3.0), 0.0, "same", False),
        ((1.0, 2.0), 0.0, "differs", False),
        # As far apart as single precision may round.
        ((2.0, 2.0 + 1e-6), 0.0, "same", True),
        ((0.95, 1.04), 0.1, "same", True),
    ],
)
def test_measured_numbers_may_differ_where_their_words_agree(
    shop, make_claim, measured, tolerance, agreement, same_number
):
    a, b = (
        shop.put(name, ALL, measured=value)
        for name, value in zip("ab", measured, strict=True)
    )
    (one,) = compare_stores([make_claim(exact(1.0, tolerance), share())], a, b)[
        "claims"
    ]
    assert one["agreement"] == agreement
    numbers = {c["label"]: c["same_number"] for c in one["conditions"]}
    assert numbers == {"exact": same_number, "share": None}


def test_times_of_another_machine_are_told_apart_and_contradict_nothing(
    shop, make_claim
):
    timed = exact(1.0, 0.0).replace(timed=True)
    stores = [
        shop.put(name, ALL, measured=float("ab".index(name) + 1)) for name in "ab"
    ]
    found = compare_stores([make_claim(timed)], *stores)
    assert (found["counts"]["timed"], found["conditions"]["timed"]) == (1, 1)
    assert not found["contradicts"]
    lines = describe_comparison(found)
    assert any(line.endswith("; timed: differs between machines") for line in lines)
    assert lines[-2] == (
        "Timed: 1 condition came out otherwise; times differ between machines, so that"
        " it contradicts nothing."
    )
    assert not any("measured otherwise" in line for line in lines)
    # With another condition that contradicts, the claim does.
    flipped = shop.put("c", NONE, measured=2.0)
    both = compare_stores([make_claim(timed, share())], stores[0], flipped)
    assert both["claims"][0]["agreement"] == "contradicts"
    assert both["conditions"]["timed"] == both["conditions"]["contradicts"] == 1


def test_what_was_not_run_is_only_in_the_other_store(shop, make_claim):
    full, short = shop.put("full", ALL), shop.put("short", ALL[:19])
    words = [
        compare_stores([make_claim(share())], *pair)["claims"][0]
        for pair in ((full, short), (short, full), (short, short))
    ]
    assert [one["agreement"] for one in words] == ["only in A", "only in B", "neither"]
    assert words[0]["b"] is None
    assert words[0]["conditions"] == []


def test_a_claim_that_nothing_can_test_is_in_neither(shop, make_claim):
    path = shop.put("a", ALL)
    found = compare_stores([make_claim(untestable="Nobody can say.")], path, path)
    assert found["counts"]["neither"] == 1


def test_a_claim_that_quick_leaves_out_is_judged_where_the_standard_preset_ran(
    shop, make_claim
):
    claim = make_claim(share(), standard_only=True)
    long, short = shop.put("long", ALL * 2), shop.put("short", ALL)
    shop.keep(short, claim)
    (one,) = compare_stores([claim], long, short)["claims"]
    assert (one["agreement"], one["a"]["preset"]) == ("only in A", "standard")


@pytest.mark.parametrize("part", ["core", "beside"])
def test_a_condition_that_quick_leaves_out_is_only_in_the_other(shop, make_claim, part):
    left_out = share("other", OTHER, quick=False)
    core = (share("one"), left_out) if part == "core" else (share("one"),)
    claim = make_claim(*core, beside=(left_out,) if part == "beside" else ())
    a, b = shop.put("a", ALL * 2), shop.put("b", ALL)
    shop.put("a", ALL * 2, arm=OTHER)
    shop.put("b", ALL, arm=OTHER)
    # One that is judged by both presets judges by the larger one.
    shop.keep(b, claim)
    (one,) = compare_stores([claim], a, b)["claims"]
    assert [c["agreement"] for c in one["conditions"]] == ["same", "only in A"]
    assert one["conditions"][1]["b"] is None
    assert one["conditions"][1]["role"] == part
    # A part of a rule has no word of its own, so that its conditions say it.
    word = "incomplete" if part == "core" else "supported"
    assert (one["agreement"], one["b"]["verdict"]) == ("same", word)


def test_a_part_of_the_rule_is_compared_by_its_conditions_only(shop, make_claim):
    claim = make_claim(share("one"), share("other", OTHER, quick=False))
    whole = shop.put("whole", ALL * 2)
    shop.put("whole", ALL * 2, arm=OTHER)
    agreements = []
    for name, values in (("same", ALL), ("open", HALF), ("opposite", NONE)):
        found = compare_stores([claim], whole, shop.put(name, values))
        (one,) = found["claims"]
        assert [one[side]["verdict"] for side in "ab"] == ["supported", "incomplete"]
        assert found["contradicts"] == (name == "opposite")
        agreements.append(one["agreement"])
    assert agreements == ["same", "differs", "contradicts"]


def test_shares_that_are_only_shown_are_not_compared(shop, make_claim):
    path = shop.put("a", ALL)
    claim = make_claim(
        share("one"),
        controls=(share("two", bound=0.4),),
        shown=(share("three", bound=0.3),),
    )
    (one,) = compare_stores([claim], path, path)["claims"]
    roles = [(c["key"], c["role"]) for c in one["conditions"]]
    assert roles == [("one", "core"), ("two", "control")]


def test_a_verdict_of_an_earlier_form_counts_as_none(shop, make_claim):
    claim = make_claim(share())
    path = shop.put("a", ALL * 2)
    with Store.open(path) as store:
        store.put_verdicts([{"id": claim.id, "digest": claim.digest}])
    (one,) = compare_stores([claim], path, path)["claims"]
    assert one["a"]["preset"] == "standard"


def test_a_store_without_a_verdict_is_judged_by_its_largest_whole_preset(
    shop, make_claim
):
    a, b = shop.put("a", ALL * 2), shop.put("b", ALL)
    (one,) = compare_stores([make_claim(share())], a, b)["claims"]
    assert [(one[s]["preset"], one[s]["n"]) for s in "ab"] == [
        ("standard", 40),
        ("quick", 20),
    ]
    (one,) = compare_stores([make_claim(share())], a, b, "quick")["claims"]
    assert [one[side]["n"] for side in "ab"] == [20, 20]
    (one,) = compare_stores([make_claim(share())], a, b, "standard")["claims"]
    assert one["agreement"] == "only in A"


def test_a_store_is_judged_as_its_own_verdict_was(shop, make_claim):
    one = make_claim(share())
    path = shop.put("a", ALL * 2)
    shop.keep(path, one, num_seeds=15, confidence=0.99)
    (found,) = compare_stores([one], path, path)["claims"]
    assert (found["a"]["n"], found["a"]["confidence"]) == (15, 0.99)
    # Who has looked several times does not win the usual level back.
    (found,) = compare_stores([one], path, path, "standard")["claims"]
    assert (found["a"]["n"], found["a"]["confidence"]) == (40, 0.99)


def test_a_rule_that_has_changed_is_judged_as_it_stands_and_told(shop, make_claim):
    a = shop.put("a", ALL, locked=[make_claim(share(bound=0.9))])
    b = shop.put("b", ALL, locked=[make_claim(share())])
    found = compare_stores([make_claim(share())], a, b)
    (one,) = found["claims"]
    assert one["agreement"] == "same"
    assert [one[side]["rule_changed"] for side in "ab"] == [True, False]
    printed = "\n".join(describe_comparison(found))
    assert "1 claim judged by a rule that has changed since it was locked in A." in (
        printed
    )
    assert "locked in B" not in printed


def test_runs_that_two_claims_share_count_once(shop, make_claim):
    path = shop.put("a", ALL)
    one, other = make_claim(share()), make_claim(share(bound=0.4))
    found = compare_stores([one, other], path, path)
    assert [c["shared_runs"]["runs"] for c in found["claims"]] == [20, 20]
    assert found["shared_runs"]["runs"] == 20
    assert found["shared_runs"]["outcomes"] == 20


def test_final_losses_are_alike_up_to_rounding_and_where_both_are_none():
    a = np.array([1.0, 1.0, 1.0, np.nan, np.nan, np.inf, np.inf, 0.0])
    b = np.array([1.0, 1.009, 1.02, np.nan, 1.0, np.inf, -np.inf, 1e-7])
    assert LOSS_ROUNDING == 0.01
    assert ended_alike(a, b).tolist() == [
        *(True, True, False),
        *(True, False),
        *(True, False),
        True,
    ]


def test_losses_are_counted_apart_from_their_digits(shop, make_claim):
    a = shop.put("a", ALL, losses=[1.0] * 20)
    b = shop.put("b", ALL, losses=[1.0] * 5 + [1.001] * 10 + [2.0] * 5)
    runs = compare_stores([make_claim(share())], a, b)["shared_runs"]
    assert (runs["losses"], runs["same_loss"], runs["same_digits"]) == (20, 15, 5)


def test_what_the_stores_come_from_is_told(shop, make_claim):
    a, b = shop.put("a", ALL), shop.put("b", ALL, backend="jax")
    found = compare_stores([make_claim(share())], a, b)
    assert found["unlike"]["backend"] == [["tensorflow"], ["jax"]]
    for side, path in (("a", a), ("b", b)):
        store = found["stores"][side]
        assert store["path"] == str(path)
        assert (store["runs"], store["first_seed"], store["last_seed"]) == (20, 0, 19)
    lines = describe_comparison(found)
    assert lines[0] == f"A  {a}: 20 runs; judging seeds 0 to 19"
    assert lines[1] == "   20 runs: tensorflow 1.0, 2 cores"
    assert any(
        line.startswith("They differ in backend (tensorflow; jax)") for line in lines
    )


def test_the_lines_show_both_verdicts_and_what_does_not_agree(shop, make_claim):
    a, b = shop.put("a", ALL), shop.put("b", NONE)
    lines = describe_comparison(compare_stores([make_claim(share())], a, b))
    (row,) = (line for line in lines if "(A-XOR-13)" in line)
    assert row.split()[:2] == ["contradicts", "a_claim"]
    sides, below = lines[lines.index(row) + 1 :][:2]
    assert sides.strip().startswith("A supported 100 % [83.2 %, 100 %], B refuted 0 %")
    assert sides.endswith("; 0 of 1 same")
    assert below.strip().startswith("share: holds 100 %")
    assert "fails 0 %" in below
    assert lines[-3].startswith("1 claim: 0 same, 0 differs, 1 contradicts, ")
    assert lines[-1].startswith("20 runs of equal specification and seed are in both: ")


def test_a_share_that_is_not_all_is_never_written_as_all(shop, make_claim):
    values = [1.0] * 10_000
    flipped = [0.0, *values[1:]]
    big = {"seeds": {"quick": 10_000, "standard": 10_000, "full": 10_000}}
    a, b = shop.put("a", values), shop.put("b", flipped)
    lines = describe_comparison(compare_stores([make_claim(share(), **big)], a, b))
    assert "99.9 % of 10,000 times with the same success or failure" in lines[-1]


def test_neither_store_is_changed(shop, make_claim):
    a, b = shop.put("a", ALL), shop.put("b", NONE)
    before = [path.read_bytes() for path in (a, b)]
    compare_stores([make_claim(share())], a, b)
    assert [path.read_bytes() for path in (a, b)] == before


# The command.


@pytest.fixture
def planted(shop):
    """Return stores of the printed program: it solves XOR always, and never."""
    from ablations.claims.registry import all_claims

    (claim,) = (c for c in all_claims().values() if c.id == CLAIM)
    paths = []
    for name, value in (("always", 1.0), ("never", 0.0)):
        path = shop.folder / f"{name}.sqlite"
        arms = claim.claim.arms.values()
        with Store.open(path) as store:
            for arm in arms:
                size = min(4000, arm.max_seeds or 4000)
                steps = np.array([0, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000])
                # Numbers that differ, as drawn ones do.
                noise = np.random.default_rng(0).random((size, len(steps)), np.float32)
                store.insert(
                    store.put_spec(arm.config.specification()),
                    np.arange(size),
                    ["ok"] * size,
                    [-1] * size,
                    {
                        "curve.solved": np.full((size, len(steps)), value, np.float32),
                        "curve.max_error": noise,
                        "curve.loss": noise,
                        "steps": np.tile(steps, (size, 1)),
                    },
                    {"backend": name},
                )
        paths.append(path)
    return paths


CLAIM = "printed_program_solves_xor"


def test_the_command_exits_with_0_where_nothing_contradicts(run_command, planted):
    done = run_command("compare", planted[0], planted[0], CLAIM, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert set(found) == {
        *("stores", "unlike", "claims", "counts", "conditions", "shared_runs"),
        "contradicts",
    }
    (one,) = found["claims"]
    assert set(one) == {
        *("id", "rows", "agreement", "a", "b", "conditions", "shared_runs"),
        "unlike_rates",
    }
    assert (one["id"], one["agreement"]) == (CLAIM, "same")
    assert {"verdict", "estimate", "low", "high", "unit", "n"} <= set(one["a"])


def test_the_command_exits_with_1_where_something_contradicts(run_command, planted):
    done = run_command("compare", *planted, "xor", "--preset", "quick")
    assert (done.returncode, done.stderr) == (1, "")
    assert "contradicts" in done.stdout
    assert "backend (always; never)" in done.stdout
    assert "23 claims: " in done.stdout


def test_the_command_imports_no_backend(run_command, planted):
    done = run_command(
        *("compare", *planted, CLAIM), environment={"PYTHONPROFILEIMPORTTIME": "1"}
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "ablations.compare" in imported
    assert not imported & {
        *("keras", "tensorflow", "jax", "pandas", "matplotlib", "sklearn"),
        "scipy.stats",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("absent.sqlite", "always.sqlite"), ("`STORE_A`", "absent.sqlite")),
        (("always.sqlite", "absent.sqlite"), ("`STORE_B`", "absent.sqlite")),
        (("always.sqlite", "text.txt"), ("`STORE_B`", "text.txt")),
        (("folder", "always.sqlite"), ("`STORE_A`", "folder")),
        (("other.sqlite", "always.sqlite"), ("`STORE_A`", "other.sqlite")),
        (("always.sqlite", "always.sqlite", "nothing"), ("`claim`", "nothing")),
        (
            ("always.sqlite", "always.sqlite", "--preset", "quik"),
            ("`preset`", "Did you mean 'quick'?"),
        ),
    ],
)
def test_the_command_exits_with_2_and_names_what_it_cannot_use(
    run_command, tmp_path, shop, arguments, message
):
    shop.put("always", ALL)
    (tmp_path / "text.txt").write_text("not a store\n")
    (tmp_path / "folder").mkdir()
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("CREATE TABLE notes (text)")
    other.commit()
    other.close()
    done = run_command("compare", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert all(part in line for part in message)
    assert not (tmp_path / "absent.sqlite").exists()

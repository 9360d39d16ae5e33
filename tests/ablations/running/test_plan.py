import collections

import numpy as np
import pytest

from ablations.claims.registry import select_claims
from ablations.evidence.evidence import NoRuns
from ablations.experiments.recurrent import RecurrentConfig
from ablations.protocol.arm import TUNING_SEEDS_START, Arm, TuneConfig
from ablations.protocol.kinds import Agreement, ExactCheck, SuccessRate
from ablations.protocol.network_runs import DATA_BYTES, FIT_RUNS, STACK_SIZES, ArmConfig
from ablations.rigs.depth.recipes import recipe_config
from ablations.rigs.xor import solved, xor_arm
from ablations.running.plan import (
    FEW_STACKS,
    LEAD,
    Plan,
    Request,
    make_plan,
    pack,
    together,
)
from ablations.selfcheck.synthetic import drawn_arm
from ablations.store.store import spec_digest
from ablations.tasks import TaskConfig, make_task
from ablations.training.config import EarlyStoppingConfig, OutputsConfig
from models.config import ConfigError

ARM = xor_arm()
SUITE_SEEDS = 60


def share(arm: Arm, **changes) -> SuccessRate:
    key = "k" + arm.name.replace(" ", "_").lower()
    fields = {"key": key, "label": arm.name, "score": solved(), "bound": 0.5}
    return SuccessRate(**(fields | changes), arm=arm)


def claim_on(make_claim, **configs):
    """Make a claim on one share of each arm; arms may be given by their config."""
    arms = [
        config if isinstance(config, Arm) else drawn_arm(name, config)
        for name, config in configs.items()
    ]
    return make_claim(*map(share, arms))


def wanted_runs(plan) -> list[tuple[str, int]]:
    """Return (digest, seed) of every run in a plan, with repetition."""
    return [
        (digest, int(seed))
        for stack in plan.stacks
        for member in stack.members
        for digest in (member.digest, *(one.digest for one in member.shorter))
        for seed in member.seeds
    ]


def run_stack(hand_made, stack) -> None:
    """Store a stack as if it was trained."""
    for member in stack.members:
        for config in (member.config, *member.shorter):
            hand_made.put(config, np.ones(len(member.seeds)), seeds=member.seeds)


def test_runs_that_claims_share_are_planned_once(make_claim):
    one = claim_on(make_claim, arm=ARM)
    two = claim_on(make_claim, same=ARM, other=xor_arm(learning_rate=0.1))
    plan = make_plan([one, two], "quick", NoRuns())
    runs = wanted_runs(plan)
    assert len(runs) == len(set(runs)) == plan.num_wanted == plan.num_missing == 40


def test_the_arm_that_needs_most_seeds_decides_for_a_shared_run(make_claim):
    few = claim_on(make_claim, arm=drawn_arm("arm", ARM).replace(max_seeds=12))
    many = claim_on(make_claim, arm=ARM)
    for claims in ([few, many], [many, few]):
        assert make_plan(claims, "quick", NoRuns()).num_wanted == 20


@pytest.fixture(scope="module")
def suite_plan() -> Plan:
    """Return what all claims need for so many seeds that stacks are full."""
    return make_plan(select_claims([]), "standard", NoRuns(), SUITE_SEEDS)


def test_every_wanted_run_is_planned_for_every_claim_of_the_suite(suite_plan):
    planned = collections.defaultdict(set)
    for digest, seed in wanted_runs(suite_plan):
        planned[digest].add(seed)
    for registered in select_claims([]):
        claim = registered.claim
        for arm in claim.arms.values():
            if arm.tune is None:
                digest = spec_digest(arm.config.specification())
                count = claim.num_seeds(arm, "standard", SUITE_SEEDS)
                first = claim.seeds.first
                assert planned[digest].issuperset(range(first, first + count))


def length(config) -> object:
    """Return how many updates a network makes; an experiment is whole by itself."""
    if not isinstance(config, ArmConfig):
        return config
    return config.training.total_steps(make_task(config.task).num_rows)


def test_stacks_hold_one_structure_one_length_and_as_many_runs_as_fit(suite_plan):
    assert any(len(stack.members) > 1 for stack in suite_plan.stacks)
    for stack in suite_plan.stacks:
        configs = [member.config for member in stack.members]
        assert len({config.structure() for config in configs}) == 1
        assert len({length(config) for config in configs}) == 1
        assert 1 <= stack.num_trained <= stack.pad_to
        assert stack.num_trained <= configs[0].stack_size()
        in_stacks = isinstance(configs[0], ArmConfig) and configs[0].engine == "stack"
        assert stack.pad_to in STACK_SIZES or not in_stacks


def test_arms_that_differ_only_in_numbers_share_a_stack():
    arms = [xor_arm(learning_rate=rate) for rate in (0.01, 0.1)]
    apart = [
        xor_arm(activation="relu"),
        xor_arm(num_steps=100),
        xor_arm(hidden_units=(3,)),
        xor_arm(optimizer="sgd"),
        xor_arm(task="and"),
        xor_arm(record_weights=True),
        xor_arm(engine="fit"),
    ]
    requests = [Request(str(i), a, np.arange(5)) for i, a in enumerate(arms + apart)]
    stacks = pack(requests)
    assert len(stacks) == 1 + len(apart)
    assert ["0", "1"] in [[m.digest for m in stack.members] for stack in stacks]


@pytest.mark.parametrize("num_seeds", [1, 10, 11, 50, 100, 4000, 4001, 10_000])
def test_packing_keeps_every_run_and_fills_stacks(num_seeds):
    requests = [
        Request(str(i), xor_arm(learning_rate=0.1 * (i + 1)), np.arange(num_seeds))
        for i in range(2)
    ]
    stacks = pack(requests)
    limit = stacks[0].pad_to
    assert limit in STACK_SIZES
    assert len(stacks) <= FEW_STACKS or limit == ARM.stack_size()
    assert {stack.pad_to for stack in stacks} == {limit}
    assert [stack.num_runs for stack in stacks[:-1]] == [limit] * (len(stacks) - 1)
    for i in range(2):
        parts = [m.seeds for s in stacks for m in s.members if m.digest == str(i)]
        assert np.concatenate(parts).tolist() == list(range(num_seeds))


def test_large_networks_get_small_stacks_and_small_ones_large():
    sizes = [
        xor_arm(hidden_units=units).stack_size()
        for units in ((2,), (256, 256), (4096, 4096))
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == STACK_SIZES[-1]
    assert sizes[-1] == STACK_SIZES[0]
    assert xor_arm(engine="fit").stack_size() == FIT_RUNS


def test_deep_networks_train_by_fives_and_others_not_by_less_than_ten():
    deep = recipe_config(("ReLU", "Adam"))
    assert deep.stack_size() == STACK_SIZES[0] == 5
    (few,) = pack([Request("", ARM, np.arange(3))])
    assert few.pad_to == STACK_SIZES[1] == 10


def test_rows_that_every_seed_has_for_itself_count_in_the_memory():
    def size(**settings) -> int:
        arm = xor_arm(hidden_units=(4,), output_units=10, input_units=20)
        training = arm.training.replace(batch_size=8)
        task = TaskConfig(name="gmm10", **settings)
        return arm.replace(task=task, training=training).stack_size()

    few, many = size(num_train=100, num_val=10, num_test=10), size(num_train=60_000)
    assert few == STACK_SIZES[3] == 500
    assert many == STACK_SIZES[1] == 10
    rows = make_task(TaskConfig(name="gmm10"))
    assert size() * rows.num_bytes <= DATA_BYTES


def test_few_runs_train_in_small_stacks_and_many_in_large_ones():
    def sizes(num_seeds: int, **changes) -> set[int]:
        request = Request("", xor_arm(**changes), np.arange(num_seeds))
        return {stack.pad_to for stack in pack([request])}

    assert [sizes(n) for n in (1, 50, 51, 250, 251, 2501, 20_000)] == [
        {10},
        {10},
        {50},
        {50},
        {500},
        {4000},
        {4000},
    ]
    # Runs by fit are made one after the other anyway.
    assert sizes(1, engine="fit") == {FIT_RUNS}


def test_a_command_that_was_killed_trains_the_same_stacks(hand_made, make_claim):
    arms = {"a": ARM, "b": xor_arm(learning_rate=0.1), "c": xor_arm(num_steps=100)}
    arms["c"] = arms["c"].with_learning_rate(0.2)
    claim = claim_on(make_claim, **arms)
    before = make_plan([claim], "quick", hand_made.store, 5000)
    for stack in before.stacks[:2]:
        run_stack(hand_made, stack)
    after = make_plan([claim], "quick", hand_made.store, 5000)
    assert (after.num_wanted, after.num_present) == (15_000, 8000)
    assert list(map(described, after.stacks)) == list(map(described, before.stacks[2:]))


def described(stack) -> tuple[list[tuple[str, int]], int]:
    return runs_of(stack), stack.pad_to


def test_only_what_is_missing_fills_stacks(hand_made, make_claim):
    arms = {"a": ARM, "b": xor_arm(learning_rate=0.1)}
    claim = claim_on(make_claim, **arms)
    hand_made.put(ARM, np.ones(4990))
    hand_made.put(arms["b"], np.ones(20), seeds=range(4980, 5000))
    plan = make_plan([claim], "quick", hand_made.store, 5000)
    runs = wanted_runs(plan)
    assert len(runs) == len(set(runs)) == plan.num_missing == 10 + 4980
    assert [(s.num_runs, s.pad_to) for s in plan.stacks] == [(4000, 4000), (990, 4000)]


def test_structures_take_turns(hand_made, make_claim):
    arms = {"few": ARM, "many": xor_arm(num_steps=5000, learning_rate=0.1)}
    claim = claim_on(make_claim, **arms)
    plan = make_plan([claim], "quick", hand_made.store, 8000)
    lengths = [s.members[0].config.training.num_steps for s in plan.stacks]
    assert lengths == [5000, ARM.training.num_steps] * 2


def test_what_shares_a_program_does_not_wait_for_its_compiler(hand_made, make_claim):
    arms = {
        "xor": ARM,
        "the same program on other rows": xor_arm(task="and"),
        "another": xor_arm(hidden_units=(3,)),
    }
    plan = make_plan([claim_on(make_claim, **arms)], "quick", hand_made.store)
    programs = [stack.members[0].config.program() for stack in plan.stacks]
    assert len(set(programs)) == 2
    assert programs[0] != programs[1]


def test_first_stacks_are_spread_among_those_that_need_no_compiler(make_claim):
    arms = {str(units): xor_arm(hidden_units=(units,)) for units in range(2, 22)}
    plan = make_plan([claim_on(make_claim, **arms)], "quick", NoRuns(), 40)
    places: dict[object, list[int]] = {}
    for place, stack in enumerate(plan.stacks):
        config = stack.members[0].config
        places.setdefault(config.program(), []).append(place)
    assert [len(mine) for mine in places.values()] == [4] * 20
    firsts = [mine[0] for mine in places.values()]
    assert firsts == sorted(firsts)
    for first, *others in places.values():
        assert sum(first < start < others[0] for start in firsts) == min(
            LEAD, sum(start > first for start in firsts)
        )
    gaps = np.diff(firsts)
    assert (gaps[:LEAD] == 1).all()
    assert (gaps[LEAD + 2 :] == 4).all()


def test_a_structure_has_one_size_before_and_after_tuning(hand_made, make_claim):
    rates = (0.01, 0.1, 1.0)
    tune = TuneConfig(learning_rates=rates, score=solved(), seeds=5)
    arm = drawn_arm("arm", ARM, tune)
    claim = claim_on(make_claim, arm=arm)
    before = make_plan([claim], "quick", hand_made.store, 80)
    for rate in rates:
        seeds = TUNING_SEEDS_START + np.arange(5)
        hand_made.put(arm.with_learning_rate(rate), [rate == 0.1] * 5, seeds=seeds)
    after = make_plan([claim], "quick", hand_made.store, 80)
    # 15 runs alone would train by tens.
    assert [(s.num_runs, s.pad_to) for s in before.stacks] == [(15, 50)]
    assert [(s.num_runs, s.pad_to) for s in after.stacks] == [(50, 50), (30, 50)]


def test_stacks_are_filled_up_to_the_sizes_given():
    request = Request("", ARM, np.arange(70))
    stacks = pack([request], {ARM.structure(): 32})
    assert [(s.num_runs, s.pad_to) for s in stacks] == [(32, 32), (32, 32), (6, 32)]


def test_a_structure_that_nobody_foresaw_gets_the_size_of_its_own_runs():
    """As an experiment has one for every rate, those that tuning comes to later too."""
    foreseen, later = (
        RecurrentConfig(stream="echo", cell="tanh", learning_rate=rate)
        for rate in (0.1, 0.03)
    )
    requests = [Request("", config, np.arange(5)) for config in (foreseen, later)]
    stacks = pack(requests, {foreseen.structure(): foreseen.stack_size()})
    assert [s.num_runs for s in stacks] == [5, 5]
    assert {s.pad_to for s in stacks} == {later.stack_size()}


def runs_of(stack) -> list[tuple[str, int]]:
    return [(m.digest, int(seed)) for m in stack.members for seed in m.seeds]


def test_a_finished_claim_needs_nothing(hand_made, make_claim):
    claim = claim_on(make_claim, arm=ARM)
    for stack in make_plan([claim], "quick", hand_made.store).stacks:
        run_stack(hand_made, stack)
    plan = make_plan([claim], "quick", hand_made.store)
    assert (plan.stacks, plan.measurements, plan.num_missing) == ((), (), 0)
    assert plan.num_present == plan.num_wanted == 20


def test_runs_that_failed_are_there_and_are_not_trained_again(hand_made, make_claim):
    hand_made.put(ARM, np.ones(20), status=["diverged"] * 10 + ["failed"] * 10)
    plan = make_plan([claim_on(make_claim, arm=ARM)], "quick", hand_made.store)
    assert plan.num_missing == 0


def test_a_measurement_is_planned_once_and_until_it_is_stored(hand_made, make_claim):
    checks = [
        ExactCheck(key=q, label=q, measurement="cost", quantity=q, expected=0.0)
        for q in ("mean", "total")
    ]
    claim = make_claim(*checks)
    assert make_plan([claim, claim], "quick", hand_made.store).measurements == ("cost",)
    hand_made.measure("cost", mean=0.0)
    assert make_plan([claim], "quick", hand_made.store).measurements == ()


def test_tuned_runs_wait_for_the_choice_and_then_follow(hand_made, make_claim):
    rates = (0.01, 0.1, 1.0)
    tune = TuneConfig(learning_rates=rates, score=solved(), seeds=5)
    arm = drawn_arm("arm", ARM, tune)
    claim = claim_on(make_claim, arm=arm)
    plan = make_plan([claim], "quick", hand_made.store)
    assert plan.waiting
    assert sorted({seed for _, seed in wanted_runs(plan)}) == list(
        range(TUNING_SEEDS_START, TUNING_SEEDS_START + 5)
    )
    for rate in rates:
        seeds = TUNING_SEEDS_START + np.arange(5)
        hand_made.put(arm.with_learning_rate(rate), [rate == 0.1] * 5, seeds=seeds)
    plan = make_plan([claim], "quick", hand_made.store)
    assert not plan.waiting
    assert {member.config for stack in plan.stacks for member in stack.members} == {
        arm.with_learning_rate(0.1)
    }
    assert sorted(seed for _, seed in wanted_runs(plan)) == list(range(20))


def test_a_grid_grows_by_planning_again_and_its_rivals_with_it(hand_made, make_claim):
    rates = (0.01, 0.1, 1.0)
    tune = TuneConfig(learning_rates=rates, score=solved(), seeds=5)
    arms = {
        "a": drawn_arm("a", ARM, tune),
        "b": drawn_arm("b", xor_arm(activation="relu"), tune),
        "alone": drawn_arm("alone", xor_arm(activation="tanh"), tune),
    }
    fields = {"key": "ab", "label": "ab", "score": solved(), "bound": 0.5}
    both = Agreement(**fields, arm=arms["a"], other=arms["b"])
    claim = make_claim(both, share(arms["alone"]))
    # For a the best rate is 10, for the others 0.1.
    best = {name: 10.0 if name == "a" else 0.1 for name in arms}
    rounds = []
    while (plan := make_plan([claim], "quick", hand_made.store)).waiting:
        assert len(rounds) < 10
        rounds.append(plan.num_missing)
        for stack in plan.stacks:
            for member in stack.members:
                rate = member.config.training.optimizer.learning_rate
                name = next(
                    n
                    for n, a in arms.items()
                    if a.with_learning_rate(rate) == member.config
                )
                near = abs(np.log10(rate / best[name]))
                values = np.arange(len(member.seeds)) >= near
                hand_made.put(member.config, values, seeds=member.seeds)
    # Three grids; the one that is done and one more rate for a; another one for a;
    # then two for b, which tries as many in the end.
    assert rounds[0] == 45
    assert rounds[1:] == [25, 5, 5, 5]
    case = hand_made.case(claim.claim, 20)
    choices = {name: case.choice(arm) for name, arm in arms.items()}
    assert {n: len(c.tried) for n, c in choices.items()} == {"a": 5, "b": 5, "alone": 3}
    assert {n: c.learning_rate for n, c in choices.items()} == best


def test_the_default_rate_is_trained_on_the_seeds_that_judge(hand_made, make_claim):
    rates = (0.01, 0.1, 1.0)
    tune = TuneConfig(learning_rates=rates, score=solved(), seeds=5, show_default=True)
    claim = claim_on(make_claim, arm=drawn_arm("arm", ARM, tune))
    runs = wanted_runs(make_plan([claim], "quick", hand_made.store))
    default = spec_digest(ARM.specification())
    assert [seed for digest, seed in runs if digest == default] == list(range(20))


def test_seeds_kept_for_tuning_cannot_judge(make_claim):
    claim = claim_on(make_claim, arm=ARM)
    with pytest.raises(ConfigError, match="`seeds` must be at most 1,000,000"):
        make_plan([claim], "quick", NoRuns(), TUNING_SEEDS_START + 1)


def test_the_guess_of_the_time_grows_with_runs_updates_and_by_fit():
    def seconds(num_seeds: int, **changes) -> float:
        request = Request("", xor_arm(**changes), np.arange(num_seeds))
        return sum(stack.work for stack in pack([request]))

    assert seconds(10) < seconds(4000) < seconds(4000, num_steps=5000)
    assert seconds(10) < seconds(10, engine="fit")


@pytest.mark.parametrize(
    ("hidden_units", "num_steps", "seconds", "seconds_to_compile"),
    [((2,), 5000, 1.52, 1.4), ((8,), 500, 0.29, 1.3), ((16,), 500, 0.42, 1.4)],
)
def test_the_guess_is_near_what_4000_runs_took_on_one_core(
    hidden_units, num_steps, seconds, seconds_to_compile
):
    arm = xor_arm(hidden_units=hidden_units, num_steps=num_steps)
    # A machine of another make is further away than that.
    assert arm.guess_seconds(4000) == pytest.approx(seconds, rel=0.5)
    assert arm.seconds_to_compile() == pytest.approx(seconds_to_compile, rel=0.5)


def test_a_program_is_compiled_for_the_first_of_its_stacks_alone():
    one, other = (
        Request(name, xor_arm(num_steps=steps), np.arange(9000))
        for name, steps in (("one", 100), ("other", 200))
    )
    stacks = pack([one, other])
    assert one.config.program() == other.config.program()
    assert [stack.compiles for stack in stacks] == [True] + [False] * 5
    plan = Plan(tuple(stacks), (), 18000, 0, waiting=False)
    alone = sum(pack([each])[0].work for each in (one, other))
    assert plan.seconds < 3 * alone - 4 * one.config.seconds_to_compile()


def test_the_quick_preset_plans_nothing_that_it_leaves_out(make_claim):
    wide = drawn_arm("wide", xor_arm(hidden_units=(64,)))
    claim = make_claim(share(drawn_arm("plain", ARM)), share(wide, quick=False))
    wanted = {
        preset: make_plan([claim], preset, NoRuns()).num_wanted
        for preset in ("quick", "standard")
    }
    assert wanted == {"quick": 20, "standard": 2 * 40}


def test_the_quick_preset_plans_nothing_for_a_claim_left_to_the_standard_one(
    make_claim,
):
    claim = make_claim(share(drawn_arm("arm", ARM)), standard_only=True)
    wanted = [make_plan([claim], p, NoRuns()).num_wanted for p in ("quick", "standard")]
    assert wanted == [0, 40]


def test_runs_that_longer_ones_begin_with_are_not_trained_alone(make_claim, hand_made):
    long, short = (xor_arm(num_steps=steps) for steps in (60, 20))
    other = xor_arm(num_steps=20, learning_rate=0.7)
    claim = claim_on(make_claim, long=long, short=short, other=other)
    plan = make_plan([claim], "quick", hand_made.store, 30)
    assert plan.num_wanted == plan.num_missing == 90
    members = [member for stack in plan.stacks for member in stack.members]
    assert sum(stack.num_trained for stack in plan.stacks) == 60
    assert sum(stack.num_runs for stack in plan.stacks) == 90
    assert {m.digest: m.shorter for m in members} == {
        long.digest: (short,),
        other.digest: (),
    }
    hand_made.put(long, np.ones(10))
    left = make_plan([claim], "quick", hand_made.store, 30)
    alone = [m for s in left.stacks for m in s.members if m.digest == short.digest]
    np.testing.assert_array_equal(alone[0].seeds, np.arange(10))
    assert sum(stack.num_runs for stack in left.stacks) == left.num_missing == 80


def test_a_seed_has_one_run_for_all_lengths_that_are_asked_for():
    asked = {steps: xor_arm(num_steps=steps) for steps in (10, 20, 40)}
    seeds = {10: (0, 1, 2), 20: (1, 2, 3), 40: (2, 3, 4)}
    found = together(
        Request(config.digest, config, np.array(seeds[steps]))
        for steps, config in asked.items()
    )
    runs = {
        int(seed): (
            one.config.training.num_steps,
            *(c.training.num_steps for c in one.shorter),
        )
        for one in found
        for seed in one.seeds
    }
    assert runs == {0: (10,), 1: (20, 10), 2: (40, 20, 10), 3: (40, 20), 4: (40,)}


@pytest.mark.parametrize(
    "changes",
    [
        {"early_stopping": EarlyStoppingConfig(monitor="loss", patience=3)},
        {"outputs": OutputsConfig(monitor="loss")},
        {"record_weights": True},
        {"metrics": ("accuracy",)},
        {"num_steps": None, "epochs": 3},
    ],
)
def test_runs_of_which_more_is_read_at_the_end_are_trained_for_themselves(changes):
    training = ARM.training.replace(**changes)
    assert ARM.path() is not None
    assert ARM.replace(training=training).path() is None

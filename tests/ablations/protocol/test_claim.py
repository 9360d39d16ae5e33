"""A claim refuses predictions that cannot be told apart, and knows its own rule."""

import pytest

from ablations.judging.rule_text import rule_of
from ablations.protocol.arm import Arm, TuneConfig
from ablations.protocol.claim import (
    LEFT_OUT,
    Claim,
    RegisteredClaim,
    SeedPlan,
    role_of,
)
from ablations.protocol.kinds import Agreement, Comparison, ExactCheck, SuccessRate
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.score import ScoreConfig
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import ConfigError, MLPConfig

CONFIG = ArmConfig(
    task=TaskConfig(name="and"),
    model=MLPConfig(input_units=2, hidden_units=()),
    training=TrainingConfig(
        optimizer=OptimizerConfig(name="sgd", learning_rate=0.1), num_steps=3
    ),
)
SOLVED = ScoreConfig(quantity="solved", at_least=1.0, words="solve it")
EXACT = ExactCheck(
    key="sum", label="sum", measurement="addition", quantity="sum", expected=2.0
)


def named(name: str, **changes) -> Arm:
    return Arm(**({"levels": {"arm": name}, "config": CONFIG} | changes))


PLAIN = named("plain")


def rate(key: str, arm: Arm = PLAIN, **changes) -> SuccessRate:
    fields = {"key": key, "label": f"rate {key}", "arm": arm, "score": SOLVED}
    return SuccessRate(**(fields | {"bound": 0.5} | changes))


def claim(*core, **changes) -> Claim:
    settings = {
        "statement": "One and one is two.",
        "rows": ("T-1",),
        "source": "a test",
        "core": core or (EXACT,),
    }
    return Claim(**(settings | changes))


def test_a_claim_without_rows_is_refused():
    with pytest.raises(ConfigError, match="`rows` must not be empty"):
        claim(rows=())


@pytest.mark.parametrize(
    "changes", [{"core": ()}, {"untestable": "Nobody can measure it."}]
)
def test_a_claim_has_predictions_or_a_reason_why_it_has_none(changes):
    with pytest.raises(ConfigError, match="unless `untestable` says why"):
        claim(**changes)


def test_an_untestable_claim_has_its_reason_for_a_rule_under_every_preset():
    data = claim(core=(), untestable="Nobody can measure it.")
    assert rule_of(data) == "No rule: Nobody can measure it."
    assert data.under("quick") is data
    with pytest.raises(ConfigError, match="`standard_only` must be False"):
        claim(core=(), untestable="Nobody can.", standard_only=True)


# Presets.


def test_the_quick_preset_leaves_out_what_is_not_quick_and_its_arms():
    deep = rate("deep", named("deep"), quick=False, family=True)
    data = claim(rate("shallow", named("shallow"), family=True), deep)
    quick = data.under("quick")
    assert [p.key for p in quick.core] == ["shallow"]
    assert set(quick.arms) == {"shallow"}
    assert quick.family == ()
    assert "The quick preset leaves out: rate deep." in rule_of(data)


@pytest.mark.parametrize("preset", ["standard", "full"])
@pytest.mark.parametrize("standard_only", [False, True])
def test_other_presets_judge_everything(preset, standard_only):
    data = claim(rate("a"), rate("b", quick=False), standard_only=standard_only)
    assert data.under(preset) is data


def test_the_quick_preset_says_that_it_leaves_out_a_whole_claim():
    data = claim(
        rate("a", family=True, headline=True, quick=False),
        rate("b", family=True),
        standard_only=True,
    )
    quick = data.under("quick")
    assert (quick.judged, quick.arms) == ((), {})
    assert quick.untestable == LEFT_OUT
    assert "The quick preset leaves out all of it." in rule_of(data)


def test_a_claim_of_which_nothing_is_quick_is_left_out_too():
    assert claim(rate("a", quick=False)).under("quick").untestable == LEFT_OUT


def test_a_preset_can_be_asked_for_after_the_arms_were():
    data = claim(rate("a"), rate("b", named("b"), quick=False))
    assert set(data.arms) == {"plain", "b"}
    assert set(data.under("quick").arms) == {"plain"}


# Names, keys and roles.


@pytest.mark.parametrize("part", ["beside", "controls", "shown"])
@pytest.mark.parametrize("field", ["key", "label"])
def test_keys_and_labels_are_distinct_across_everything_a_claim_reports(part, field):
    one, other = rate("one"), rate("other")
    twin = other.replace(**{field: getattr(one, field)})
    with pytest.raises(ConfigError, match=f"`{field}` must differ between predictions"):
        claim(one, **{part: (twin,)})


def test_a_name_stands_for_the_same_runs_throughout():
    slow = CONFIG.with_learning_rate(0.01)
    with pytest.raises(ConfigError, match="`levels` must tell apart arms whose runs"):
        claim(rate("a"), rate("b", named("plain", config=slow)))
    made = claim(rate("a"), rate("b", named("plain")))
    assert list(made.arms) == ["plain"]


def test_arms_are_those_that_predictions_read_in_their_order():
    made = claim(
        rate("a", named("x")),
        beside=(rate("b", named("y")),),
        controls=(EXACT,),
        shown=(rate("c", named("z")),),
    )
    assert list(made.arms) == ["x", "y", "z"]


def test_a_prediction_has_the_role_of_the_part_it_stands_in():
    core, beside, control, shown = (rate(key) for key in "abcd")
    made = claim(core, beside=(beside,), controls=(control,), shown=(shown,))
    roles = [role_of(made, p) for p in made.everything]
    assert roles == ["core", "beside", "control", "shown"]
    assert made.judged == (core, beside, control)


def test_only_shares_can_be_shown():
    with pytest.raises(ConfigError, match="shown"):
        claim(rate("a"), shown=(EXACT,))


def test_the_headline_is_one_judged_prediction_the_first_if_none_says():
    first, second = rate("a"), rate("b", headline=True)
    assert claim(first, rate("c")).headline == first
    assert claim(first, beside=(second,)).headline == second
    with pytest.raises(ConfigError, match="`headline` must be True for one"):
        claim(rate("a", headline=True), second)
    with pytest.raises(ConfigError, match="`quick` must be True for the headline"):
        claim(first, rate("c", headline=True, quick=False))


def test_measurements_are_named_once_in_the_order_of_the_predictions():
    checks = [
        EXACT.replace(key=f"k{k}", label=str(k), measurement=m)
        for k, m in enumerate("bab")
    ]
    made = claim(*checks[:2], controls=(checks[2],))
    assert made.measurements() == ("b", "a")


# Conditions.


def test_the_condition_is_the_level_of_the_axis_where_the_prediction_says_none():
    def at(level, **changes):
        arm = Arm(levels={"arm": "x", "depth": level}, config=CONFIG)
        return rate("a", arm, **changes)

    for prediction, expected in (
        (at(8), ("depth", 8)),
        (at("deep"), ("depth", "deep")),
        (at(True), None),
        (at(8, at=("width", 4)), ("width", 4)),
        (rate("a"), None),
    ):
        assert claim(prediction, axis="depth").condition_of(prediction) == expected
    assert claim(at(8)).condition_of(at(8)) is None


def test_the_condition_is_that_of_the_first_arm_that_has_one():
    deep = Arm(levels={"arm": "x", "depth": 8}, config=CONFIG)
    fields = {"key": "c", "label": "c", "score": SOLVED, "margin": 0.1}
    pair = Comparison(**fields, treatment=PLAIN, control=deep)
    assert claim(pair, axis="depth").condition_of(pair) == ("depth", 8)


# Seeds and tuning.


def test_expensive_arms_have_fewer_seeds_and_never_more():
    few = named("few", max_seeds=50)
    seeds = SeedPlan(quick=20, standard=200, full=300)
    made = claim(rate("plain"), rate("few", few), seeds=seeds)
    presets = ("quick", "standard", "full")
    assert [made.num_seeds(PLAIN, p) for p in presets] == [20, 200, 300]
    assert [made.num_seeds(few, p) for p in presets] == [20, 50, 50]
    assert made.num_seeds(few, "quick", 30) == 30


def test_an_unknown_preset_is_refused():
    with pytest.raises(ConfigError, match="Did you mean 'quick'"):
        SeedPlan().count("quik")


def test_arms_that_are_compared_are_rivals_in_tuning_and_so_are_their_rivals():
    tune = TuneConfig(learning_rates=(0.1, 0.2, 0.3), score=SOLVED)
    x, y, z, alone = (
        named(name, config=CONFIG.replace(engine=engine), tune=tune.replace(seeds=n))
        for name, engine, n in (
            ("x", "stack", 1),
            ("y", "fit", 2),
            ("z", "stack", 3),
            ("alone", "fit", 4),
        )
    )
    fields = {"score": SOLVED, "bound": 0.9}
    made = claim(
        *(
            Agreement(key=f"k{i}", label=f"{i}", arm=a, other=b, **fields)
            for i, (a, b) in enumerate([(x, y), (z, y), (alone, PLAIN)])
        )
    )
    assert [set(a.name for a in made.rivals(arm)) for arm in (x, y, z)] == [
        {"x", "y", "z"}
    ] * 3
    assert made.rivals(alone) == (alone,)
    assert made.rivals(PLAIN) == ()


def test_a_family_is_told_in_the_rule():
    shares = rate("a", family=True), rate("b", family=True), rate("c")
    made = claim(*shares, EXACT)
    assert [p.key for p in made.family] == ["a", "b"]
    assert "Family of 2: rate a, rate b." in rule_of(made)


# The digest of a rule.


def digest(data: Claim) -> str:
    return RegisteredClaim("a_claim", "xor", "Why.", data).digest


RULE = claim(rate("a", at=("depth", 8)), rate("b"), beside=(rate("c"),), axis="depth")


@pytest.mark.parametrize(
    "changed",
    [
        RULE.replace(core=(rate("z", at=("depth", 8)), rate("b"))),
        RULE.replace(core=(rate("a", label="other", at=("depth", 8)), rate("b"))),
        RULE.replace(core=(rate("a", named("new name"), at=("depth", 8)), rate("b"))),
        RULE.replace(core=(rate("a", at=("depth", 8), quick=False), rate("b"))),
        RULE.replace(core=(rate("a", at=("depth", 8), headline=True), rate("b"))),
        RULE.replace(
            core=(
                rate("a", at=("depth", 8), score=SOLVED.replace(words="are right")),
                rate("b"),
            )
        ),
        RULE.replace(answers={"a": "Yes."}, how="By hand.", caveats="Only here."),
        RULE.replace(shown=(rate("d"),), figure="curves", reference="Someone, 1990"),
        RULE.replace(implied=True, standard_only=True),
    ],
    ids=["key", "label", "name", "quick", "headline", "words", "told", "shown", "kept"],
)
def test_what_only_names_or_explains_does_not_change_the_digest(changed):
    assert changed != RULE
    assert digest(changed) == digest(RULE)


@pytest.mark.parametrize(
    "changed",
    [
        RULE.replace(strength="always"),
        RULE.replace(axis="width"),
        RULE.replace(statement="One and one is three."),
        RULE.replace(core=(rate("a", at=("depth", 8), bound=0.6), rate("b"))),
        RULE.replace(core=(rate("a", at=("depth", 9)), rate("b"))),
        RULE.replace(core=RULE.core[:1], beside=(RULE.core[1], *RULE.beside)),
        RULE.replace(beside=()),
        RULE.replace(controls=(EXACT,)),
        RULE.replace(core=(rate("a", family=True), rate("b", family=True))),
        RULE.replace(
            core=(rate("a", named("few", max_seeds=7), at=("depth", 8)), rate("b"))
        ),
        RULE.replace(seeds=SeedPlan(quick=1)),
        RULE.replace(max_looks=2),
    ],
    ids=[
        "strength",
        "axis",
        "statement",
        "margin",
        "condition",
        "role",
        "beside",
        "controls",
        "family",
        "arm",
        "seeds",
        "looks",
    ],
)
def test_what_is_in_the_rule_changes_the_digest(changed):
    assert digest(changed) != digest(RULE)


def test_the_digest_is_the_same_once_arms_were_named():
    fresh = claim(rate("a", named("x")))
    used = claim(rate("a", named("x")))
    assert list(used.arms) == ["x"]
    assert digest(used) == digest(fresh)

"""A claim refuses predictions that its arms cannot answer."""

import pytest

from ablations.protocol.arm import Arm, TuneConfig
from ablations.protocol.claim import Claim, SeedPlan, arms_of, rule_of
from ablations.protocol.kinds import (
    Agreement,
    Comparison,
    ExactCheck,
    SuccessRate,
    Trend,
)
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
EXACT = ExactCheck(label="sum", measurement="addition", quantity="sum", expected=2.0)


def rate(label: str, arm: str = "plain") -> SuccessRate:
    return SuccessRate(label=label, arm=arm, score=SOLVED, bound=0.5)


def claim(**changes) -> Claim:
    settings = {
        "statement": "One and one is two.",
        "rows": ("T-1",),
        "source": "a test",
        "predictions": (EXACT,),
    }
    return Claim(**(settings | changes))


def test_a_claim_without_rows_is_refused():
    with pytest.raises(ConfigError, match="`rows` must not be empty"):
        claim(rows=())


@pytest.mark.parametrize(
    "changes", [{"predictions": ()}, {"untestable": "Nobody can measure it."}]
)
def test_a_claim_has_predictions_or_a_reason_why_it_has_none(changes):
    with pytest.raises(ConfigError, match="unless `untestable` says why"):
        claim(**changes)


def test_the_rule_of_an_untestable_claim_is_its_reason():
    data = claim(predictions=(), untestable="Nobody can measure it.")
    assert rule_of(data) == "No rule: Nobody can measure it."


def two_depths(**changes) -> Claim:
    arms = {name: Arm(config=CONFIG) for name in ("shallow", "deep")}
    predictions = tuple(rate(name, name) for name in arms)
    return claim(arms=arms, predictions=predictions, **changes)


def test_the_quick_preset_leaves_out_what_is_beyond_it_and_its_arms():
    findings = {"supported": "{1} of deep ones."}
    data = two_depths(
        beyond_quick=("deep",), family=("shallow", "deep"), findings=findings
    )
    quick = data.under("quick")
    assert quick.findings == {}
    assert [p.label for p in quick.predictions] == ["shallow"]
    assert set(quick.arms) == {"shallow"}
    assert quick.family == ()
    assert "The quick preset leaves out: deep." in rule_of(data)


@pytest.mark.parametrize("preset", ["standard", "full"])
@pytest.mark.parametrize(
    "changes", [{"beyond_quick": ("deep",)}, {"standard_only": True}]
)
def test_other_presets_judge_everything(preset, changes):
    data = two_depths(**changes)
    assert data.under(preset) is data


def test_the_quick_preset_says_that_it_leaves_out_a_whole_claim():
    data = two_depths(
        standard_only=True,
        beyond_quick=("deep",),
        headline="shallow",
        family=("shallow", "deep"),
    )
    quick = data.under("quick")
    assert (quick.predictions, quick.arms, quick.headline) == ((), {}, None)
    assert "standard" in quick.untestable
    assert "The quick preset leaves out all of it." in rule_of(data)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"beyond_quick": ("wide",)}, "`beyond_quick` must be one of"),
        ({"beyond_quick": ("shallow", "deep")}, "must leave a prediction"),
        ({"beyond_quick": ("deep",), "headline": "deep"}, "must not hold the headline"),
    ],
)
def test_what_the_quick_preset_leaves_out_is_checked(changes, message):
    with pytest.raises(ConfigError, match=message):
        two_depths(**changes)


@pytest.mark.parametrize("field", ["controls", "shown"])
def test_labels_are_distinct_across_everything_a_claim_reports(field):
    arms = {"plain": Arm(config=CONFIG)}
    with pytest.raises(ConfigError, match="`label` must differ"):
        claim(arms=arms, predictions=(rate("same"),), **{field: (rate("same"),)})


@pytest.mark.parametrize("field", ["predictions", "controls", "shown"])
def test_a_prediction_about_an_arm_that_is_not_there_is_refused(field):
    arms = {"plain": Arm(config=CONFIG)}
    changes = {"predictions": (rate("there"),)} | {field: (rate("gone", "plane"),)}
    with pytest.raises(ConfigError, match="Did you mean 'plain'"):
        claim(arms=arms, **changes)


def test_an_arm_that_nothing_reads_is_refused():
    with pytest.raises(ConfigError, match=r"`arms` \['plain'\] are named by no"):
        claim(arms={"plain": Arm(config=CONFIG)})


def test_an_arm_that_is_only_shown_is_in_use():
    made = claim(arms={"plain": Arm(config=CONFIG)}, shown=(rate("beside"),))
    assert made.shown[0].arm == "plain"


def test_only_shares_can_be_shown():
    with pytest.raises(ConfigError, match="shown"):
        claim(shown=(EXACT.replace(label="other"),))


def test_the_headline_is_a_judged_prediction():
    arms = {"plain": Arm(config=CONFIG)}
    made = claim(arms=arms, shown=(rate("beside"),), headline="sum")
    assert made.headline == "sum"
    with pytest.raises(ConfigError, match="`headline` must be one of"):
        claim(arms=arms, shown=(rate("beside"),), headline="beside")


def test_measurements_are_named_once_in_the_order_of_the_predictions():
    checks = [EXACT.replace(label=str(k), measurement=m) for k, m in enumerate("bab")]
    made = claim(predictions=tuple(checks[:2]), controls=(checks[2],))
    assert made.measurements() == ("b", "a")


def test_dear_arms_have_fewer_seeds_and_never_more():
    arms = {"plain": Arm(config=CONFIG), "dear": Arm(config=CONFIG, max_seeds=50)}
    made = claim(
        arms=arms,
        predictions=(rate("plain"), rate("dear", "dear")),
        seeds=SeedPlan(quick=20, standard=200, full=300),
    )
    counts = {
        (arm, preset): made.num_seeds(arm, preset)
        for arm in arms
        for preset in ("quick", "standard", "full")
    }
    assert counts == {
        ("plain", "quick"): 20,
        ("plain", "standard"): 200,
        ("plain", "full"): 300,
        ("dear", "quick"): 20,
        ("dear", "standard"): 50,
        ("dear", "full"): 50,
    }


def test_an_unknown_preset_is_refused():
    with pytest.raises(ConfigError, match="Did you mean 'quick'"):
        SeedPlan().count("quik")


def test_arms_of_names_every_arm_that_a_prediction_reads():
    assert arms_of(EXACT) == ()
    assert arms_of(rate("r")) == ("plain",)
    agreement = Agreement(label="a", arm="x", other="y", score=SOLVED, bound=0.9)
    assert arms_of(agreement) == ("x", "y")
    comparison = Comparison(
        label="c", treatment="x", control="y", score=SOLVED, margin=0.1
    )
    assert arms_of(comparison) == ("x", "y")
    trend = Trend(label="t", arms=("x", "y", "z"), scores=(SOLVED,), margin=0.1)
    assert arms_of(trend) == ("x", "y", "z")


def test_arms_that_are_compared_are_rivals_in_tuning_and_so_are_their_rivals():
    tune = TuneConfig(learning_rates=(0.1, 0.2, 0.3), score=SOLVED)
    tuned = {
        name: Arm(config=CONFIG.replace(engine=engine), tune=tune.replace(seeds=seeds))
        for name, engine, seeds in (
            ("x", "stack", 1),
            ("y", "fit", 2),
            ("z", "stack", 3),
            ("alone", "fit", 4),
        )
    }
    arms = {**tuned, "untuned": Arm(config=CONFIG)}
    pairs = [("x", "y"), ("z", "y"), ("alone", "untuned")]
    made = claim(
        arms=arms,
        predictions=tuple(
            Agreement(label=f"{a}{b}", arm=a, other=b, score=SOLVED, bound=0.9)
            for a, b in pairs
        ),
    )
    together = (arms["x"], arms["y"], arms["z"])
    assert [made.rivals(name) for name in "xyz"] == [together] * 3
    assert made.rivals("alone") == (arms["alone"],)
    assert made.rivals("untuned") == ()


def test_a_family_says_how_many_tests_it_is():
    arms = {"plain": Arm(config=CONFIG)}
    shares = tuple(rate(f"{i}") for i in range(3))
    made = claim(arms=arms, predictions=(*shares, EXACT), family=("0", "1"))
    assert [made.num_tests(p) for p in made.predictions] == [2, 2, 1, 1]
    assert "Family of 2: 0, 1." in rule_of(made)
    with pytest.raises(ConfigError, match="`family` must be one of"):
        claim(arms=arms, predictions=(*shares, EXACT), family=("0", "sum"))

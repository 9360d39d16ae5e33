"""What the recurrent rig promises to the claims that share it."""

from ablations.experiments.recurrent import RecurrentConfig
from ablations.rigs.depth.recurrent import (
    ADAM_RATES,
    CLIPPED_RATES,
    CONTINUED,
    EXPLAINED,
    LSTMS,
    MOST,
    SEEDS,
    UNCLIPPED_RATES,
    echo_arm,
    few,
    good_start,
    growth_arm,
    learns,
    lstm_arm,
    most,
)
from ablations.stats.proportions import clopper_pearson

OLD_LSTM = "LSTM of 1997"


def test_arms_that_meet_in_a_comparison_are_tuned_alike():
    assert echo_arm("tanh", clip_value=0.1).tune == good_start("linear").tune
    tunings = {lstm_arm(lstm, marks=True).tune for lstm in LSTMS}
    assert len(tunings) == 1


def test_arms_without_clipping_try_as_many_rates_down_to_tiny_ones():
    rates = echo_arm("linear", radius=2.0, l2=0.1).tune.learning_rates
    assert rates == UNCLIPPED_RATES
    assert len(rates) == len(CLIPPED_RATES)
    assert rates[0] < 1e-3 * CLIPPED_RATES[0]


def test_stacks_waste_no_place_on_seeds():
    counts = (SEEDS.quick, SEEDS.standard, SEEDS.full, good_start("tanh").tune.seeds)
    assert not any(count % RecurrentConfig.chunk_size for count in counts)


def test_the_grids_hold_the_rates_that_the_configs_start_from():
    assert good_start("tanh").config.learning_rate in CLIPPED_RATES
    assert lstm_arm(OLD_LSTM, marks=True).config.learning_rate in ADAM_RATES


def test_long_streams_choose_the_rate_only_where_there_are_marks():
    assert lstm_arm(OLD_LSTM, marks=True).tune.score == CONTINUED
    assert lstm_arm(OLD_LSTM, marks=False).tune.score == EXPLAINED


def test_ten_seeds_can_tell_most_from_few():
    all_succeed, none = (clopper_pearson(k, SEEDS.quick) for k in (SEEDS.quick, 0))
    assert none.high < MOST < all_succeed.low
    arm = good_start("tanh")
    assert most(arm, learns(), key="a", label="").direction == "at_least"
    assert few(arm, learns(), key="a", label="").direction == "at_most"


def test_the_old_lstm_alone_lacks_the_forget_gate():
    gates = {name: lstm_arm(name, marks=True).config.forget_gate for name in LSTMS}
    assert [name for name, gate in gates.items() if not gate] == [OLD_LSTM]


def test_growth_is_read_from_the_start_that_its_cell_calls_for():
    assert growth_arm("linear", 1.5, 10).config.start == "gaussian"
    assert growth_arm("tanh", 1.5, 10).config.start == "orthogonal"

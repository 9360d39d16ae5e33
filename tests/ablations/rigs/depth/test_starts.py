"""What is asked of networks before their first update."""

from ablations.rigs.depth.starts import DEPTHS, STARTS, at_start, fades, narrow, shifted


def test_a_gradient_is_followed_over_depths_with_the_same_weights():
    arms = fades("tanh", "he").along
    assert [arm.levels["depth"] for arm in arms] == list(DEPTHS)
    assert {arm.config.model.kernel_initializer for arm in arms} == {STARTS["he"]}
    assert all(arm.config.training.num_steps == 0 for arm in arms)


def test_what_is_asked_is_recorded_and_told():
    assert shifted("elu", "he").levels["activation"] == "ELU"
    assert narrow("relu", "he", 4).config.training.probes == ("dead_share",)
    assert narrow("relu", "small", 4).levels["width"] == 4
    assert at_start("relu", "he") != at_start("relu", "glorot")

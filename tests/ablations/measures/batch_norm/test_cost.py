"""What is timed are updates that train, of networks that differ by batch norm."""

import pytest

from ablations.measures.batch_norm.cost import update_of


@pytest.mark.parametrize("batch_norm", [False, True])
def test_updates_that_are_timed_lower_the_loss(batch_norm):
    update = update_of(1, batch_norm=batch_norm)
    losses = [update() for _ in range(20)]
    assert losses[-1] < losses[0]

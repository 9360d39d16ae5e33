"""What is timed are updates that train a network with batch norm."""

from ablations.measures.batch_norm.cost import update_of


def test_updates_that_are_timed_lower_the_loss():
    update = update_of(1, batch_norm=True)
    losses = [update() for _ in range(20)]
    assert losses[-1] < losses[0]

"""Networks with batch norm are evaluated one way, and share runs where they can."""

import pytest

from ablations.claims.registry import all_claims
from ablations.rigs.normalization import networks as rig
from ablations.rigs.regularization.dropout import dropped

NEW = [c for c in all_claims().values() if c.chapter == "batch_norm" and c.claim.arms]


@pytest.mark.parametrize("claim", NEW, ids=lambda claim: claim.id)
def test_batch_norm_that_trains_has_statistics_of_all_rows_at_inference(claim):
    for arm in claim.claim.arms.values():
        training = getattr(arm.config, "training", None)
        if training and training.num_steps and arm.config.model.batch_norm:
            assert training.batch_norm_statistics == "training_rows"


def test_networks_that_overfit_without_batch_norm_are_those_on_regularization():
    assert rig.overfitting(False).config == dropped().config
    assert rig.overfitting(False, dropout=0.2).config == dropped(0.2).config


def test_units_that_drop_for_a_batch_drop_as_often_as_for_a_row():
    by_batch, by_row = (rig.timed("before", 3, moved=name) for name in rig.MOVED)
    model = by_row.config.model
    assert by_batch.config.model == model.replace(dropout_unit="batch")
    assert set(model.per_layer("dropout")) == {rig.SHARE_MOVED}


def test_both_arms_of_a_search_try_the_same_rates():
    norm, plain = (rig.limit(place, 6).config for place in ("before", None))
    assert norm.model == plain.model.replace(batch_norm="before")
    assert (norm.lowest, norm.highest) == (plain.lowest, plain.highest) == (0.1, 1000.0)

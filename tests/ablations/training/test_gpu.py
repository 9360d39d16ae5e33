"""On a GPU the same runs end the same way; skipped where there is none."""

import numpy as np
import pytest

from ablations.rigs.xor import xor_arm
from ablations.tasks import make_task
from ablations.training.fit import train_by_fit
from ablations.training.train import Data, train_stack


@pytest.mark.gpu
def test_a_stack_on_the_gpu_follows_keras_fit():
    arm = xor_arm(num_steps=50)
    task = make_task(arm.task)
    seeds = np.arange(4)
    stacked = train_stack(arm.model, arm.training, seeds, Data(task.x, task.y))
    fitted = train_by_fit(arm.model, arm.training, seeds, task)
    # Float32 sums in another order, 50 Adam updates: differences grow to about 1e-5.
    np.testing.assert_allclose(
        stacked.curves["loss"], fitted["curve.loss"], atol=1e-4, rtol=1e-3
    )


@pytest.mark.gpu
def test_a_run_on_the_gpu_is_the_same_alone_and_in_a_crowd():
    arm = xor_arm(num_steps=50, hidden_units=(16,))
    task = make_task(arm.task)
    data = Data(task.x, task.y)
    crowd = train_stack(arm.model, arm.training, np.arange(513), data)
    alone = train_stack(arm.model, arm.training, np.array([512]), data)
    # TF32 products and other kernels for other sizes: three digits are kept.
    np.testing.assert_allclose(
        crowd.curves["loss"][512:], alone.curves["loss"], atol=1e-3, rtol=1e-2
    )

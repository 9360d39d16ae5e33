import importlib
import subprocess
import sys

import pytest

from ablations.training import devices
from ablations.training.devices import choose_device, pool_no_memory
from models.config import ConfigError


@pytest.fixture
def environment(monkeypatch) -> dict[str, str]:
    """Return the environment that is read and set, in place of the real one."""
    variables: dict[str, str] = {}
    monkeypatch.setattr(devices.os, "environ", variables)
    return variables


def test_the_processor_is_chosen_by_hiding_every_gpu(environment):
    choose_device("cpu")
    assert environment["CUDA_VISIBLE_DEVICES"] == "-1"
    assert environment["JAX_PLATFORMS"] == "cpu"
    assert "JAX_DEFAULT_MATMUL_PRECISION" not in environment


def test_products_on_a_gpu_have_the_digits_of_those_on_processors(environment):
    choose_device("gpu")
    assert environment["JAX_DEFAULT_MATMUL_PRECISION"] == "highest"
    assert environment["NVIDIA_TF32_OVERRIDE"] == "0"


@pytest.mark.parametrize("device", ["auto", "gpu"])
def test_no_gpu_is_hidden_and_none_is_filled_at_once(environment, device):
    choose_device(device)
    assert "CUDA_VISIBLE_DEVICES" not in environment
    assert environment["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"


def test_what_the_user_has_set_stays(environment):
    environment["TF_CPP_MIN_LOG_LEVEL"] = "0"
    choose_device("auto")
    assert environment["TF_CPP_MIN_LOG_LEVEL"] == "0"


def test_the_options_of_the_compiler_are_those_of_the_user_if_there_are_any(
    environment,
):
    choose_device("cpu")
    assert environment["XLA_FLAGS"] == devices.XLA_OPTIONS
    environment["XLA_FLAGS"] = "--xla_dump_to=here"
    choose_device("cpu")
    assert environment["XLA_FLAGS"] == "--xla_dump_to=here"


def test_pools_of_memory_are_left_out_unless_the_user_wants_them(environment):
    pool_no_memory()
    assert environment["TF_ENABLE_ONEDNN_OPTS"] == "0"
    environment["TF_ENABLE_ONEDNN_OPTS"] = "1"
    pool_no_memory()
    assert environment["TF_ENABLE_ONEDNN_OPTS"] == "1"


def test_an_unknown_device_sets_nothing(environment):
    with pytest.raises(ConfigError, match="`device` must be one of"):
        choose_device("tpu")
    assert not {"CUDA_VISIBLE_DEVICES", "JAX_PLATFORMS"} & set(environment)


def test_a_backend_that_is_not_installed_is_named(environment, monkeypatch):
    environment["KERAS_BACKEND"] = "jax"
    monkeypatch.setattr(devices.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="`KERAS_BACKEND` 'jax' is not installed"):
        choose_device("cpu")


def test_a_process_ends_without_a_look_through_all_of_its_programs():
    script = (
        "import atexit, gc\n"
        # What is registered first is called last.
        "atexit.register(lambda: print(gc.get_freeze_count() > 100_000))\n"
        "from ablations.training.devices import load_backend\n"
        "load_backend('cpu')\n"
        "load_backend('cpu')\n"
    )
    done = subprocess.run(  # noqa: S603 - no input from outside
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def test_tensorflow_does_not_see_jax_while_it_is_imported(environment, monkeypatch):
    monkeypatch.delitem(sys.modules, "jax", raising=False)
    with devices._without_jax(), pytest.raises(ImportError):
        importlib.import_module("jax")
    assert "jax" not in sys.modules

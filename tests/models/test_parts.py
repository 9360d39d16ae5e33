import pytest

from models.config import ConfigError, MLPConfig
from models.parts import InitializerConfig


def test_a_misspelled_activation_gets_a_guess():
    with pytest.raises(ConfigError) as caught:
        MLPConfig(input_units=5, hidden_units=(4, 3), activation="rleu")
    text = str(caught.value)
    assert text.startswith("`activation` must be one of ('linear', 'sigmoid', ")
    assert text.endswith("Received: 'rleu'. Did you mean 'relu'?")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "constant"}, "`value` must be a number for 'constant'."),
        ({"name": "zeros", "value": 1.0}, "`value` must be None for 'zeros'."),
        ({"name": "zeros", "gain": 2.0}, "`gain` must be 1 for 'zeros'."),
        ({"name": "he_normal", "scale": 0.1}, "`scale` must be None for 'he_normal'"),
        ({"name": "uniform", "gain": 0.0}, "`gain` must be a positive number."),
        ({"name": "glorot"}, "`name` must be one of ('zeros', "),
    ],
)
def test_an_initializer_refuses_what_it_would_ignore(settings, message):
    with pytest.raises(ConfigError) as caught:
        InitializerConfig(**settings)
    assert str(caught.value).startswith(message)

"""Small Keras networks described by validated, frozen configs."""

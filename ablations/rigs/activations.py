"""Where the notes speak of activations."""

NOTES = "Deep learning notes, chapter 3, activation functions"
BASICS = "Basics of deep learning, activation functions"

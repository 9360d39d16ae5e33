"""Measure what printed update rules do with gradients, and what Keras does."""

"""Intervals and tests that refuse small samples: arrays in, numbers out."""

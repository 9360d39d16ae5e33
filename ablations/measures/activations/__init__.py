"""Measure what activations compute, against their formulas."""

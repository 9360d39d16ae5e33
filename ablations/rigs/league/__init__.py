"""Activations on several tasks, all else being equal."""

"""Exact checks of the chapter on XOR."""

"""Exact checks of the chapter on depth."""

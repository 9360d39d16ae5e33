"""Exact checks of the chapter on regularization."""

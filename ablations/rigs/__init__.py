"""Describe experiments that several claims share, so that their runs are shared."""

"""Runs that are no plain stack: a module for each kind, and a table of readouts."""

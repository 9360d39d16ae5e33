"""Runs that are no network in a stack, each kind in a module of its own."""

"""Stored runs read as scores, and the learning rates that tuning chose."""

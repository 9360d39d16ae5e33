"""Measurements of the chapter on batch norm."""

"""Regularization: early stopping, weight penalties, dropout, ensembles and more data."""

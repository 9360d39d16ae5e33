"""Dying units: what a ReLU unit that is always off still does, and whether it returns.

Off for every training row is not off for every input
(`dead_unit_outputs_zero_for_every_input`), and a unit of a deeper layer has inputs that
move while others learn (`dead_units_stop_learning`).
"""

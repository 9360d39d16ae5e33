"""How each kind of prediction is judged, one module for each.

A module has three functions: `judge` from a prediction and its case to the outcome,
`fewest_seeds` that could decide it, and what is `detectable` with a number of seeds.
"""

"""Let KerasTuner's oracles propose trials, and train these as stacks."""

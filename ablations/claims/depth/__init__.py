"""Deep networks: why they were hard to train, and what made them trainable."""

"""Read numbers from trained networks: one class for each readout, in one table."""

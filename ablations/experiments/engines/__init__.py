"""Make the runs of experiments: whatever is slow to import."""

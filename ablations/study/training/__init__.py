"""What is trained for a study: its nets, its baselines and what they scored."""

"""What is asked of a study: its settings, designs, recipes and score."""

"""What judging a prediction takes: the runs, the words for numbers, the outcome."""

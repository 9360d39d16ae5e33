"""What a claim may say: arms, predictions and the runs they ask for."""

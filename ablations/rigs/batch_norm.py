"""Where the notes speak of batch norm."""

NOTES = "Deep learning notes, chapter 6, batch normalization"
CODE = f"{NOTES}, code"

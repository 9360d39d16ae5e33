"""Plan what is missing, train it and keep it."""

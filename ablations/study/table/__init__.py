"""The user's table: read, checked and made into numbers."""

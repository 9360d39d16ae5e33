"""What came out of a study, in tables and sentences."""

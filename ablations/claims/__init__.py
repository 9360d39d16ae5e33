"""Hold one folder per chapter and in it one file per claim."""

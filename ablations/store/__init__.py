"""One file of runs: how it is written, read, checked and exported."""

"""What the pages and the figures of a study read from its result, and write alike."""

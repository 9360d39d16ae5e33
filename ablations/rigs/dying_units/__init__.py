"""What claims of the chapter on dying units share."""

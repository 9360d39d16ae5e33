"""Check printed gradients, line by line, against finite differences."""

"""What claims on networks with batch norm have in common."""

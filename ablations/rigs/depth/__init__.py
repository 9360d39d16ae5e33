"""Arms, tasks and readings that the claims on depth share."""

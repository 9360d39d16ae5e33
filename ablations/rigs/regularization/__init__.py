"""Arms, tasks and readings that the claims on regularization share."""

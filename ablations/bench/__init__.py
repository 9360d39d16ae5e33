"""What a run costs: stacks beside `fit`, JAX, torch and scikit-learn."""

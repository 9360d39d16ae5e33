"""The XOR problem: four points that no line separates."""

"""How figures are drawn: canvas, colours, labels and marks."""

"""The words of the page that not everybody knows, each in a sentence."""

GLOSSARY = {
    "Activation": "The function that a unit applies to its sum, such as ReLU, tanh or"
    " the sigmoid.",
    "Batch norm": "A layer that gives every feature of a mini-batch mean zero and"
    " variance one, then scales and shifts it.",
    "Check": "A result that must come out for the evidence to count; also called a"
    " control.",
    "Condition": "One setting under which a statement is judged, such as a depth or a"
    " task.",
    "Dropout": "Setting units to zero by chance in training, other ones in every"
    " update.",
    "First weights": "The weights before training: small, Xavier's (also Glorot's) or"
    " He's, which fit sigmoid or tanh, and ReLU.",
    "Interval": "The range that contains the true value in 95 of 100 such experiments.",
    "Network": "Its units from the inputs to the outputs; 20x64 stands for twenty"
    " layers of 64 units.",
    "Old recipe": "Sigmoid units, small first weights and plain gradient descent; the"
    " modern one has ReLU, He's weights, Adam, batch norm and skips.",
    "Percentage point": "The unit of a difference of percentages: from 80 % to 85 % are"
    " five points.",
    "Preset": "How much is run: quick for a look, standard for what is published, full"
    " for more seeds.",
    "Run": "One network, trained once from one random start.",
    "Rule": "What had to come out for a statement to hold or to fail, written down"
    " before the runs.",
    "Seed": "The number that fixes a random start; all recipes share the same seeds.",
    "Skip connection": "A way around a layer: its input is added to its output; also"
    " called residual connection.",
}
"""Words, and what they mean here."""

"""Train stacks of small Keras models and judge what claims about them are worth."""

"""What optimizers do on surfaces whose answer is known in closed form."""

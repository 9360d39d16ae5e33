"""What claims on training and on output layers share."""

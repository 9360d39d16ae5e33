"""How each kind of prediction is judged, one file for each."""

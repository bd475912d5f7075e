"""Kind `model_cards`."""

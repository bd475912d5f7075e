"""How GitHub writes each thing as JSON in its REST answers."""

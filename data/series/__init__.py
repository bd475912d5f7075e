"""What a series of figures tells: the unusual, changes of level, what to expect, what moved."""

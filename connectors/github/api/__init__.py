"""How GitHub is asked, and what its answers lack."""

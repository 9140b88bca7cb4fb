"""Points of problem sections, and the themes they speak of."""

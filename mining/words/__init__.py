"""Words: one segmenter and one domain dictionary for everything that counts words."""

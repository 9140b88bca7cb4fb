"""Generated reports with gold: truth, print layout, style, text."""

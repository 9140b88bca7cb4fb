"""TOML files to forms: patterns, building, inheritance, names of cells."""

"""One row per agency and year: what the tables and the texts of a run say as variables."""

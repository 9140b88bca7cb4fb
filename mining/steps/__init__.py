"""Steps: each fills one layer of a report."""

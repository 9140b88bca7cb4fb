"""Annotated passages of narrative: loading, reading, scoring, and two annotators compared."""

"""Statutory tables: printed cells, alignment with labels, values by address."""

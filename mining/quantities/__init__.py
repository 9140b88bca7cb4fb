"""Quantity mentions: what is no figure, measure words, approximation, scope."""

"""Readers: bytes of one format to a raw report."""

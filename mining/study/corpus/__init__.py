"""Corpora: reports with their document variables, cut and streamed as studies need them."""

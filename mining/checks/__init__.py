"""Rules: one file per prefix of their ids."""

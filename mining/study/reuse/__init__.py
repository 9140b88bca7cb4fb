"""Copied text: passages that a report shares with its last year's and with other agencies."""

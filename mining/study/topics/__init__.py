"""Topics of many texts: models, how good they are, how common they are, how they change."""

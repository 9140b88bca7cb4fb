"""Charts for papers: one module per subject, each chart beside the table that it draws."""

"""What the PDF reader is made of: pages, lines, tables, columns."""

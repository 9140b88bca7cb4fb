"""What the docx reader is made of: package, numbering, paragraphs, body."""

"""What the html reader is made of: tree, main content, tables, lists, archives."""

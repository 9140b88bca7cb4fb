"""What people see: findings in words, output tables, the page and the worksheet."""

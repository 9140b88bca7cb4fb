"""Reports of one agency over the years: compact facts, who is who, which year follows which."""

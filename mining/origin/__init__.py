"""Who reports on which year: names of agencies, years, titles and signatures."""

"""Studies: tables of a run turned into statistics with intervals, and into charts."""

"""An independent computation of every indicator: plain Python, exact fractions, from the method, not from the SQL."""

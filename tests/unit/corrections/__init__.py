"""The table of corrections: what it may say, what it does to rows, and when it no longer matches."""

"""Files with exactly one fault each, made from correct ones by a seed, and what must become of them."""

"""The private build warehouse, the releases, and everything that reads them."""

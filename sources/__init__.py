"""Feeds: contracts, reading, checking, the archive and the ledger of deliveries."""

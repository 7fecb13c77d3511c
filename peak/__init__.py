"""The command line of Peak and what it prints."""

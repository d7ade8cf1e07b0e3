"""The board of open incidents."""

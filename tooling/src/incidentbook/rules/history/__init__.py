"""Rules between two revisions: what a record was, what it is, and who changed it."""

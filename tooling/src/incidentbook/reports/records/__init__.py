"""Records as somebody at a terminal reads them: one whole, or many in a list."""

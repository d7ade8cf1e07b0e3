"""What is known of a trouble, and what recurs without a problem record."""

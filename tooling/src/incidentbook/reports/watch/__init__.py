"""What wants attention now, in every format."""

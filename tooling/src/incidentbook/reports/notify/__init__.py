"""What was told to whom, in every format."""

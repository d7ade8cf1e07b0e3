"""What is more than usual, and what is likely to be missed."""

"""What is more than the past makes likely, and what is likely to come."""

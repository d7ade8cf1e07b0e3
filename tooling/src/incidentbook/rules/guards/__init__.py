"""What a change may do that nobody looks at before it is merged."""

"""What `check` found, in the words of each reader."""

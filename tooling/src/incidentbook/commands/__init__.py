"""What the tool can do: one verb a file, each returning an exit code."""

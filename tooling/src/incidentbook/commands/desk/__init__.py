"""The verbs of responders, one a file."""

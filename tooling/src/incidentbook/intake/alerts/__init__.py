"""What monitoring sends: one file for each foreign system."""

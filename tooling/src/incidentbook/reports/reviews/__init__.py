"""Reviews that are owed, and the gate they keep."""

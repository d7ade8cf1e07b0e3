"""Clocks and why they stand so."""

"""Figures, in every format."""

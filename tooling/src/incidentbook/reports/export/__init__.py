"""Flat tables of the records, in every format."""

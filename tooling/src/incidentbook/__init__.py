"""Incidents and post-incident reviews as Markdown files in Git: checked, measured, published."""

__version__ = "0.1.0"

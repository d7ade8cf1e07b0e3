"""Markdown text to safe HTML, in the dialect that the forge shows for the same file."""

from incidentbook.markdown.render import Heading, Rendered, Rewriting, plain_text, render
from incidentbook.markdown.render_code import DIAGRAM

__all__ = ["DIAGRAM", "Heading", "Rendered", "Rewriting", "plain_text", "render"]

"""Drawings: from a pathway graph to DOT, and from DOT to SVG, PNG and PDF."""

"""Findings about a guideline before a patient meets it."""

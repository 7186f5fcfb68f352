"""Diagnostics as data: what is wrong, where, and what to do next. Every package may create one; none prints."""

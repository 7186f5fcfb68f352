"""Executable, provable, drawable clinical guidelines."""

"""Patients: dated, typed facts, read from JSON, YAML, CSV or Python values."""

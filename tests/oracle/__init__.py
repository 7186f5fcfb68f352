"""Brute force over all patients of small random guidelines, for what the analysis says to be held against."""

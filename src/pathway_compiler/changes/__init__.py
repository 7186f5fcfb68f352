"""What changed between two versions of a guideline: matching, comparing, and telling it."""

"""What the cases of a guideline reach, and why they miss the rest."""

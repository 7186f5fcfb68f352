"""From syntax trees to a checked guideline: names, types, units, and what an author got wrong."""

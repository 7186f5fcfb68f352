"""The values a pathway speaks of: numbers, dates, units, truth."""

"""A guideline in other formats. One module a format, one line in `export.py`."""

"""What each page shows: frozen records of text and links, made from the compiled guideline.

Equal records give equal pages, so that a record is also the key by which an unchanged page is kept.
"""

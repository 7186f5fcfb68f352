"""The static site of a guideline: what each page shows, how it is written down, and what is searched.

pages/       what each page shows, as frozen records of text and links
templates/   the records as HTML; every word of ours goes through gettext
static/      the style sheet and the scripts, as they are shipped
write.py     pages, drawings, scripts and the search index into a folder, or into one file
"""

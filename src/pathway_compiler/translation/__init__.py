"""The texts of a guideline in other languages.

    texts.py        every text of a guideline with the place where it stands, taken out or put in anew
    catalogue.py    the PO files, read and written so that equal texts give equal bytes
    merging.py      a catalogue brought up to date with the guideline
    checking.py     what a catalogue lacks
    translated.py   a compiled guideline whose texts are those of a catalogue
    marking.py      what is not translated, marked for a reader and in HTML

Our own words are said by `pathway_compiler.language`.
"""

"""The live preview: a guideline as a site that follows the author's files while she writes.

preview.py    starts and stops everything; one thread builds, one watches, one for each request
watching.py   which files changed
rebuild.py    from the files to the next state: pages when the text is good, errors when it is not
proving.py    the thorough proof, in a process of its own
state.py      what is shown at one moment, as frozen records and as JSON
server.py     HTTP: pages out of memory, events, `/api/run` and `/api/guideline`
"""

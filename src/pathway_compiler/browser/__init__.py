"""The engine for the browser: the compiled guideline as JSON, and the interpreter in JavaScript.

`compiled_to_json` writes everything that a run needs; `engine/*.js` reads it and gives the result
documents of `pathway run --no-exact`. The interpreter in Python is the definition; tests compare the two.
"""

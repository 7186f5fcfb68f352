"""The browser's engine in node, beside the interpreter, on the same patients."""

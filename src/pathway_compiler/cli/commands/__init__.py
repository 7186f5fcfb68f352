"""The commands. Each module has `EXAMPLES`, `add_arguments(parser)` and `run(arguments, console)`."""

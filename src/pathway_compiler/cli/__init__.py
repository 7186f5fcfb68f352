"""The command line: `pathway COMMAND GUIDELINE [PATIENT …]`. One file per command in `commands`."""

"""`python -m pathway_compiler` is `pathway`."""

import sys

from pathway_compiler.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

"""The version of the package, where reading it costs nothing."""

__all__ = ["LANGUAGE_VERSION", "__version__"]

__version__ = "0.1.0"
LANGUAGE_VERSION = "0.1"
"""The version of the language that `dsl/reference.md` describes."""

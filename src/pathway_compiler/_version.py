"""The version of the package, where reading it costs nothing."""

__version__ = "0.1.0"

"""The version of the library and of the language, kept apart. Importing this costs nothing."""

__version__ = "0.1.0"
LANGUAGE_VERSION = "0.1"

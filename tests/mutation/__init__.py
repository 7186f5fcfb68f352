"""Seeded faults: how many of them `pathway prove` and `pathway test` find: `python -m tests.mutation`."""

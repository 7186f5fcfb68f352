"""What compiling, drawing and running cost, as ratios within one run: `python -m tests.bench`."""

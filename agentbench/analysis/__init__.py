"""What many runs say together: about the tasks, about the measurement, and about the agents. Pure over results."""

import os

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # matrices are small: more threads only wait for each other

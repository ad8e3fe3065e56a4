"""One thread for matrix products in the tests, as in the workers; it must be said before NumPy is imported."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

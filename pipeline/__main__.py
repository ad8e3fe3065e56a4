"""``python -m pipeline`` is ``concord``."""

from pipeline.cli import main

if __name__ == "__main__":
    main()

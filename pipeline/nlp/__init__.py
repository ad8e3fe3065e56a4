"""The language model at run time: one spaCy pipeline per process."""

"""The errors Concord raises for a person to read.

::

    PipelineError            one line that names the thing, the place, the rule and the fix
    |- UsageError            what was asked for cannot be done as asked (exit code 2)
    |- SettingsError         the settings file says something that is not a setting (exit code 2)
    |- ModelError            the language model is missing, damaged or lacks a component (exit code 2)
    |- ReadError             one file or record cannot be read (becomes a row in issues)
    |- SchemaError           rows that do not fit their table (a defect of Concord: nothing is published, exit code 3)
    `- StoreError            the output folder is in use or not ours to write (exit code 2)

A ReadError never stops a run: the other articles go on and the run ends with exit code 1. With 2 or 3 nothing
was published and the tables are as they were.
"""

from __future__ import annotations


class PipelineError(Exception):
    """Base of all errors that are told to the user in one line; ``exit_code`` is the process's."""

    exit_code = 1


class UsageError(PipelineError):
    """What was asked for cannot be done as asked."""

    exit_code = 2


class SettingsError(PipelineError):
    """The settings file names an unknown setting, or gives one a value it cannot have."""

    exit_code = 2


class ModelError(PipelineError):
    """The language model is missing, damaged, or lacks a component that Concord needs."""

    exit_code = 2


class ReadError(PipelineError):
    """One file or record cannot be read; ``code`` is the issue's short name."""

    def __init__(self, code: str, message: str, path: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.path = path


class SchemaError(PipelineError):
    """Rows do not fit the table they were made for: a defect of Concord, told before anything is published."""

    exit_code = 3


class StoreError(PipelineError):
    """The output folder is in use by another run, or holds something that is not Concord's."""

    exit_code = 2

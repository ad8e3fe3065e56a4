"""Settings: one table per stage, and a clear word about everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import Settings


def write(folder: Path, text: str) -> Path:
    path = folder / "concord.toml"
    path.write_text(text, "utf8")
    return path


def test_what_the_file_says_replaces_the_default(tmp_path: Path) -> None:
    """Everything else stays as recommended."""
    settings = Settings.load(write(tmp_path, '[extract]\ndate_order = "DMY"\n[link]\nsurnames = false\n'))
    assert (settings.extract.date_order, settings.link.surnames, settings.link.acronyms) == ("DMY", False, True)
    assert Settings.load(None) == Settings()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[extracts]\n", "extracts"),
        ("[extract]\ndate_orders = 'DMY'\n", "date_orders"),
        ("[link]\nsurnames = 1\n", "must be bool"),
        ("[extract]\ndate_order = 'YMD'\n", "DMY, MDY or empty"),
        ("not toml", "concord.toml"),
        ("link = 3\n", "link"),
    ],
)
def test_what_is_no_setting_is_named(tmp_path: Path, text: str, told: str) -> None:
    """The message names the setting and what is allowed."""
    with pytest.raises(SettingsError, match=told):
        Settings.load(write(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A settings file that is not there is an error, not the defaults."""
    with pytest.raises(SettingsError, match=r"absent\.toml"):
        Settings.load(tmp_path / "absent.toml")

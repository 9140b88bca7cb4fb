"""The fonts of charts: one for Chinese that travels with the package, so none is searched for."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from matplotlib import font_manager, ft2font

from mining.errors import SettingsError

__all__ = ["FAMILIES", "drawable", "register_fonts"]

FAMILIES = ("DejaVu Sans", "Mining CJK")
"""Latin letters and digits come from the first, which matplotlib brings along."""

_FILE = "data/fonts/mining-cjk.ttf"
# What printers set where a type is missing.
_MISSING = "〓"


@cache
def register_fonts() -> frozenset[int]:
    """Make the packaged font known to matplotlib; return all characters that can be drawn.

    Raises
    ------
    SettingsError
        E404 when the font file is missing from the installation.
    """
    path = Path(str(files("mining"))) / _FILE
    if not path.is_file():
        msg = f"the font of charts is missing: {path.name}"
        raise SettingsError(msg, code="E404", path=path, hint="install the package again")
    font_manager.fontManager.addfont(path)
    latin = font_manager.findfont(FAMILIES[0], fallback_to_default=False)
    fonts = (ft2font.FT2Font(str(file)) for file in (latin, path))
    return frozenset(code for font in fonts for code in font.get_charmap())


def drawable(text: str) -> str:
    """Return `text` with ``〓`` for characters that no font of ours has.

    Examples
    --------
    >>> drawable("江宁区 2021"), drawable("𬭎镇")
    ('江宁区 2021', '〓镇')
    """
    known = register_fonts()
    return "".join(char if ord(char) in known or char == "\n" else _MISSING for char in text)

"""The styles of figures: a file each, which defines `STYLE`; the file's name is the style's."""

from archcalc.by_name import Folder

STYLES = Folder(__name__, __path__)

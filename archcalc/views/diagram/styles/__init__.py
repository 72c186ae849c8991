"""The styles of figures: a file each with `draw(sheet) -> Drawing`; its name is the style's."""

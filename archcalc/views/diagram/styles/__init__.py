"""The styles of figures: a file each; its name is the style's.

A style has `draw(sheet) -> Drawing`, or where it breaks into rows `layout(sheet)`, which gives the drawing for a length
of rows. It may have a `PAGE` it fills at most, a `LEGEND` (all, heads or none), a `NOTE` for the caption, the `MOST`
steps it can take, and `dot(sheet)`.
"""

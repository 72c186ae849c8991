"""What a figure is drawn with: shapes, text widths, colors, scales, labels and the legend."""

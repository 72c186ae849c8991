"""Diagrams: Report → scene → SVG, PDF, PNG, TikZ, PPTX or DOT. Every label is a number of the Report."""

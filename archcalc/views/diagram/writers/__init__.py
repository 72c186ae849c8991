"""The formats of figures: a file each with `write(scene, dpi) -> bytes`; the name is the ending of the file."""

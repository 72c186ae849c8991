"""Tables as text; a file's name is the word that `--format` takes."""

"""Graph to Report: shapes, parameters, operations, receptive fields and memory of every layer."""

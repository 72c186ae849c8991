"""What publications print of a network, beside what is computed."""

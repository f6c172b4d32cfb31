"""A module per format, and the registry that recognises a format from content."""

"""The HTTP face of Assignment and Grade Services."""

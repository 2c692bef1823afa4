"""Tools: registration, deployment, key sets and service tokens."""

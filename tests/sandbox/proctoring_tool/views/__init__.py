"""What the tool answers, by who asks."""

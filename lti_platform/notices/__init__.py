"""Platform Notification Service: what tools asked to be told, and telling them."""

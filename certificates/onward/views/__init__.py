"""Pages about deliveries."""

"""Evidence: receiving, storing, custody, access and export."""

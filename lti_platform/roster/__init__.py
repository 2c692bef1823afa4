"""Names and Role Provisioning Services."""

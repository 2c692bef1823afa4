"""LTI Dynamic Registration 1.0: a tool registers itself with an admin's leave, and an admin decides."""

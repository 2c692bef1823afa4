"""The certificate drawn: PDF, from one frozen value."""

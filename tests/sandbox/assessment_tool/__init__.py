"""Coldline: an assessment tool with one exam, on the handling of refrigerants."""

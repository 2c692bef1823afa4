"""Base templates, components, static files, language and errors."""

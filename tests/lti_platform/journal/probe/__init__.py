"""A small installed package with one fact and one reaction, for watching the journal at work."""

"""The world outside: programs of other people, as far as the platform is concerned. They know nothing of its code."""

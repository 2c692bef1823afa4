"""Deep Linking 2.0: a course asks a tool for content, and takes what the tool gives, all of it or nothing."""

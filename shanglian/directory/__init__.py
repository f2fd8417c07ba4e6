"""Directory: the dated tree of organisations, users and their appointments, and the rights that follow."""

"""graphdouble for pytest: a server a session, a world a test."""

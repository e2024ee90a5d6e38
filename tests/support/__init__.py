"""What the black-box suites share: a private stack, a client, checks."""

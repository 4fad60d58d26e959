"""How messages come and go, one package per channel: each translates its updates and calls, and decides nothing."""

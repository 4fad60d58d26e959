"""The shared vocabulary of the message path: what comes in, what goes out, who writes, and the errors."""

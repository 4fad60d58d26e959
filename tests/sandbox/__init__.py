"""Contract of the local Telegram, checked with two independent bot libraries over loopback HTTP."""

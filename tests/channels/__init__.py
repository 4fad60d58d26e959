"""Tests of the channels: what comes in and goes out, against real wire formats."""

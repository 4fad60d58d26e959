"""Real servers for the tests: started on first use, gone with the tests."""

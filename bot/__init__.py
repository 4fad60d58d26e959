"""The running program: settings, composition root, command line, intake, lanes, delivery and timers."""

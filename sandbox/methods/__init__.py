"""The Bot API methods, by subject: each module offers its handlers in a table `HANDLERS`."""

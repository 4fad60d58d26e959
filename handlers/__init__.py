"""The application layer: what happens when something arrives, one short function per intent."""

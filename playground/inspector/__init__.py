"""One object, read and acted on: what it is, its YAML, events, logs, and what can be done to it."""

"""Why something is as it is: the log's chain of causes, walked back to whoever began it."""

"""What happened, in plain words, newest first."""

"""What a builtin may answer besides an exit code."""

MOVED = -1  # it has gone elsewhere in the script and set the status itself
AGAIN = -2  # it waits; run it again then

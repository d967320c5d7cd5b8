"""The container runtime: processes, files, shell and tools, all of them data."""

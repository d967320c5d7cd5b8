"""A POSIX shell whose running scripts are data: parsed, compiled to instructions, and stepped with fuel."""

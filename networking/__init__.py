"""How what runs is reached."""

"""How content comes in: known by what it is, made harmless in a child process, kept under its digest."""

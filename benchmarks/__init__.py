"""Repeatable measurements: each file is a command, `python -m benchmarks.<name>`, and answers with one line of JSON."""

"""Rows in: files of any size are read, mapped by declarative files and cleaned. Knows no web and no database.

`read_rows` (reading) gives raw rows, `choose_mapping(...).apply` (mapping) names their fields as ours, `to_row` (rows)
makes an organisation of them or says why not.
"""

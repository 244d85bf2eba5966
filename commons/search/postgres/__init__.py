"""The second engine: PostgreSQL's full text, one index for any number of nodes.

`rows` says how a document is kept, `tables` where, `writing` brings batches in, `asking` turns a question into
conditions, `ranking` orders the candidates, `naming` serves names and spellings, `backend` joins them.
"""

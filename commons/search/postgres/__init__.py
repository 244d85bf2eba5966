"""The second engine: the index stands in PostgreSQL, one for any number of nodes.

It is made of the same segments as the one in files, kept as rows: `tables` says where, `packing` in which shape. `writing`
brings batches in; `view` reads one segment, `snapshot` all of them for one question, `holder` keeps a process up with
what was written; `backend` joins them.
"""

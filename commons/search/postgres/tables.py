"""The tables of the index, in a schema of their own: no migration knows them, and dropping the schema loses nothing.

A rebuild makes a second schema and swaps the names in the end; the one before stays until the next rebuild, for
questions that are still reading it. Segments are never changed and their numbers never used again, so what a process
has read of one stays right. A large one is written in parts, to bound memory; its documents are numbered through.

    state       how far in the log the index has come, and which version wrote it
    segment     how many documents and posting lists one has
    part        the columns of some of its documents, from `first` on: all of it is held in the memory of each process
    posting     the documents of a part that hold a term, as `packing` writes them
    stream      the way back from a document to its words
    document    where the one that counts stands
    gone        documents of segments that do not count any more
"""

from __future__ import annotations

from commons.search import layout

VERSION = 2_000 + layout.VERSION
SCHEMA, NEXT, BEFORE = "search_index", "search_index_next", "search_index_before"
LOCK = 0x5EA2C4  # of the one who writes

TABLES = """
CREATE TABLE state (
    one boolean PRIMARY KEY DEFAULT true CHECK (one), version integer NOT NULL, position bigint NOT NULL,
    generation bigint NOT NULL, doubt boolean NOT NULL DEFAULT false
);
CREATE TABLE segment (id bigint NOT NULL, size integer NOT NULL, terms bigint NOT NULL);
CREATE TABLE part (
    segment bigint NOT NULL, first integer NOT NULL, numbers bytea NOT NULL, facets bytea NOT NULL, names bytea NOT NULL
);
CREATE TABLE posting (
    term text COLLATE "C" NOT NULL, field text COLLATE "C" NOT NULL, segment bigint NOT NULL, first integer NOT NULL,
    documents integer NOT NULL, steps bytea NOT NULL, weights bytea NOT NULL, times bytea NOT NULL, places bytea NOT NULL
);
CREATE TABLE stream (segment bigint NOT NULL, number integer NOT NULL, words bytea NOT NULL);
CREATE TABLE document (id bigint NOT NULL, segment bigint NOT NULL, number integer NOT NULL);
CREATE TABLE gone (segment bigint NOT NULL, number integer NOT NULL);
"""
INDEXES = """
ALTER TABLE segment ADD PRIMARY KEY (id);
ALTER TABLE part ADD PRIMARY KEY (segment, first);
ALTER TABLE posting ADD PRIMARY KEY (term, field, segment, first);
CREATE INDEX ON posting (segment);
ALTER TABLE stream ADD PRIMARY KEY (segment, number);
ALTER TABLE document ADD PRIMARY KEY (id);
CREATE INDEX ON document (segment);
ALTER TABLE gone ADD PRIMARY KEY (segment, number);
ANALYZE posting;
ANALYZE stream;
ANALYZE document;
"""
COPIED = {
    "part": ("int8", "int4", "bytea", "bytea", "bytea"),
    "posting": ("text", "text", "int8", "int4", "int4", "bytea", "bytea", "bytea", "bytea"),
    "stream": ("int8", "int4", "bytea"),
    "document": ("int8", "int8", "int4"),
}
OF_SEGMENT = ("segment", "part", "posting", "stream", "document", "gone")

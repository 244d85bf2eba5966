"""The tables of the index, in a schema of their own: no migration knows them, and dropping the schema loses nothing.

A rebuild makes a second schema and swaps the names in the end; the one before stays until the next rebuild, for
questions that are still reading it.

    entry       one row per document: facets, numbers, its names, its words with their places, and their weights
    frequency   in how many documents of an audience a word stands: rarity is never that of what one may not read
    scope       how many documents of an audience there are, in which language, and how long they are together
    state       how far in the log the index has come, and which version wrote it
"""

from __future__ import annotations

from commons.search import layout

VERSION = 1_000 + layout.VERSION
SCHEMA, NEXT, BEFORE = "search_index", "search_index_next", "search_index_before"
LOCK = 0x5EA2C4  # of the one who writes
COLUMNS = (
    "id, kind, audience, tongue, country, type, areas, sdgs, languages, updated, confirmed, lat, lon, boost, length, "
    "title, names, words, weighing, stream, called"
)

TABLES = """
CREATE TABLE state (
    one boolean PRIMARY KEY DEFAULT true CHECK (one), version integer NOT NULL, position bigint NOT NULL,
    generation bigint NOT NULL, doubt boolean NOT NULL DEFAULT false
);
CREATE TABLE entry (
    id bigint NOT NULL, kind text NOT NULL, audience text NOT NULL, tongue text NOT NULL, country text NOT NULL,
    type text NOT NULL, areas bigint[] NOT NULL, sdgs bigint[] NOT NULL, languages text[] NOT NULL,
    updated bigint NOT NULL, confirmed bigint NOT NULL, lat real, lon real, boost real NOT NULL, length real NOT NULL,
    title text COLLATE "C" NOT NULL, names text[] NOT NULL, words tsvector NOT NULL, weighing bytea NOT NULL,
    stream bytea NOT NULL, called text NOT NULL
) WITH (toast_tuple_target = 256);
CREATE TABLE frequency (
    term text COLLATE "C" NOT NULL, audience text COLLATE "C" NOT NULL, documents integer NOT NULL,
    PRIMARY KEY (term, audience)
) WITH (fillfactor = 80);
CREATE TABLE scope (
    audience text COLLATE "C" NOT NULL, tongue text COLLATE "C" NOT NULL, documents bigint NOT NULL,
    length double precision NOT NULL, PRIMARY KEY (audience, tongue)
);
"""
INDEXES = """
ALTER TABLE entry ADD PRIMARY KEY (id);
CREATE INDEX ON entry USING gin (words);
CREATE INDEX ON entry USING gin (areas);
CREATE INDEX ON entry (updated);
CREATE INDEX ON entry (lat) WHERE lat IS NOT NULL;
ANALYZE entry;
ANALYZE frequency;
"""
SPELLING = """
CREATE INDEX ON frequency USING gin (term gin_trgm_ops) WHERE audience = 'public' AND strpos(term, '!') = 0;
CREATE INDEX ON entry USING gin (called gin_trgm_ops);
"""
# Names and words of names are no words of the vocabulary.
COUNTED = """
INSERT INTO frequency (term, audience, documents)
SELECT term, audience, {sign} count(*) FROM entry, unnest(tsvector_to_array(words)) term
WHERE left(term, 1) NOT IN ('"', '@') {which} GROUP BY term, audience ORDER BY term, audience
ON CONFLICT (term, audience) DO UPDATE SET documents = frequency.documents + excluded.documents
"""
MEASURED = """
INSERT INTO scope (audience, tongue, documents, length)
SELECT audience, tongue, {sign} count(*), {sign} sum(length::double precision) FROM entry
WHERE true {which} GROUP BY audience, tongue
ON CONFLICT (audience, tongue) DO UPDATE
SET documents = scope.documents + excluded.documents, length = scope.length + excluded.length
"""

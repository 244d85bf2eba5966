"""Who speaks for whom, what waits for whose word, which records grow old: always as far as the viewer may know."""

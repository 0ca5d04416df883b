-- What the artist thinks of a cell of a sweep: 1 is the winner, of which a sheet has one at most, -1 is
-- rejected.
ALTER TABLE cell ADD COLUMN mark INTEGER NOT NULL DEFAULT 0 CHECK (mark IN (-1, 0, 1));

-- The folder on this machine into which a server puts what it makes, if its files are to stay there: they
-- are in the library at that place, then. Nothing: outputs are copied.
ALTER TABLE server ADD COLUMN outputs TEXT;

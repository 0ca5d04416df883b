-- The file's number in its file system, where that stays the same: a file of the same number, size and
-- time is the same file, wherever it lies now.
ALTER TABLE place ADD COLUMN inode INTEGER;

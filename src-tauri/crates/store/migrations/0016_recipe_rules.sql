-- The number of the rules by which the recipes of a root's files were read, up to which asset; nothing:
-- all of them. A root that is not in it was read before rules had numbers.
CREATE TABLE recipe_rules (
    root  INTEGER PRIMARY KEY REFERENCES root (id) ON DELETE CASCADE,
    rules INTEGER NOT NULL,
    up_to INTEGER
) STRICT;

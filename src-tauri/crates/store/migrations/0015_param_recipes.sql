-- Which recipes have a value: one row for a value and 1,024 numbers of recipes instead of one for each
-- recipe. Of each number only the last ten bits are kept, two bytes each, high byte first; the block is the
-- rest of it.
CREATE TABLE param_recipes (
    param   INTEGER NOT NULL,
    block   INTEGER NOT NULL,
    recipes BLOB NOT NULL,
    PRIMARY KEY (param, block)
) STRICT, WITHOUT ROWID;
INSERT INTO param_recipes
SELECT param, recipe >> 10, unhex(group_concat(printf('%04x', recipe & 1023), ''))
FROM recipe_param GROUP BY param, recipe >> 10;
DROP TABLE recipe_param;

-- What shares these is found in memory.
DROP INDEX recipe_structure;
DROP INDEX recipe_seed;

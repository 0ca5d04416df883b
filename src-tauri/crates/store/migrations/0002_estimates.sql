-- What estimates rest on: jobs of one shape cost the same (their graphs differ in seeds, texts and
-- file names only), and pixels scale what differs in size. Jobs from before have neither.
ALTER TABLE job ADD COLUMN shape TEXT;
ALTER TABLE job ADD COLUMN pixels REAL;
-- The newest runs of a shape at a server.
CREATE INDEX job_shape ON job (shape, server_id, ended_at DESC) WHERE outcome = 'succeeded';

CREATE INDEX job_success ON job (server_id, ended_at DESC) WHERE outcome = 'succeeded';

-- The server was asked to give the job back: that it is gone there is then our doing.
ALTER TABLE job ADD COLUMN asked_back INTEGER NOT NULL DEFAULT 0;

-- The artist's name for a batch, once it has one.
ALTER TABLE batch ADD COLUMN name TEXT;

-- The scenario's own schema: nothing else in the database is touched. The comment says whose it is.
CREATE SCHEMA pgcheck_lab;
COMMENT ON SCHEMA pgcheck_lab IS 'made by helm pgcheck persistence; safe to drop';
CREATE TABLE pgcheck_lab.usuarios (
    id SERIAL PRIMARY KEY,
    nombre VARCHAR(100),
    email VARCHAR(100)
);
CREATE TABLE pgcheck_lab.random_rows (
    id UUID PRIMARY KEY,
    payload TEXT NOT NULL
);

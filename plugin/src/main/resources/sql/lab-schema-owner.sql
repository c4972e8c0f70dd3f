-- No row: no such schema. Otherwise its comment, by which we know our own.
SELECT coalesce(obj_description(oid, 'pg_namespace'), '')
FROM pg_namespace
WHERE nspname = 'pgcheck_lab'

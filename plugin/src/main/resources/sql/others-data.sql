SELECT (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('information_schema', 'pgcheck_lab')
          AND n.nspname NOT LIKE 'pg\_%'),
       (SELECT count(*) FROM pg_database
        WHERE NOT datistemplate AND datname NOT IN (current_database(), 'postgres'))

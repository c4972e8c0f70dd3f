-- At every start: what the Secret says holds, and roles that older directories lack are made.
-- The password has a statement of its own: the one that can fail does not hold it.
\getenv app_user PGUSER
\getenv app_password PGPASSWORD
SELECT 'CREATE ROLE tl_monitoring LOGIN IN ROLE pg_monitor'
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tl_monitoring') \gexec
\getenv replication_password REPLICATION_PASSWORD
\if :{?replication_password}
SELECT 'CREATE ROLE tl_replication LOGIN REPLICATION IN ROLE pg_monitor'
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tl_replication') \gexec
ALTER ROLE tl_replication PASSWORD :'replication_password';
\endif
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :'app_user') AS app_exists \gset
\if :app_exists
-- In the database postgres: what the check after an upgrade asks.
GRANT SELECT ON pg_file_settings, pg_hba_file_rules TO :"app_user";
GRANT EXECUTE ON FUNCTION pg_show_all_file_settings(), pg_hba_file_rules() TO :"app_user";
ALTER ROLE :"app_user" PASSWORD :'app_password';
\else
\warn 'tl-engine: this data has no role of the name in the Secret: the application will not be let in'
\endif

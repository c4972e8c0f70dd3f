-- The application's role and database. Values come by environment, so that none shows in a process list;
-- psql quotes them. The password has a statement of its own: the one that can fail does not hold it.
\getenv app_user PGUSER
\getenv app_password PGPASSWORD
\getenv app_database PGDATABASE
CREATE ROLE :"app_user" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE :"app_user" PASSWORD :'app_password';
CREATE DATABASE :"app_database" OWNER :"app_user";

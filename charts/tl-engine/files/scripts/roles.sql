-- The application's role and database, made once. Values come by environment, so that none shows in a process list;
-- psql quotes them. Passwords are set by passwords.sql.
\getenv app_user PGUSER
\getenv app_database PGDATABASE
CREATE ROLE :"app_user" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
CREATE DATABASE :"app_database" OWNER :"app_user";

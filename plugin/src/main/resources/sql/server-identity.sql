-- Which database this is, and which server process answers.
SELECT (SELECT system_identifier FROM pg_control_system())::text,
       pg_backend_pid(),
       pg_postmaster_start_time()::text

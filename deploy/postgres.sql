-- Runs once, in a new PostgreSQL of docker-compose.yml: the product owns its database and is no superuser.
-- The superuser is left without a password, so that nobody is it over the network.
\getenv password POSTGRES_PASSWORD
CREATE ROLE tocsin LOGIN PASSWORD :'password';
CREATE DATABASE tocsin OWNER tocsin;
ALTER ROLE postgres PASSWORD NULL;

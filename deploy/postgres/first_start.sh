#!/bin/sh
# Run once by the postgres image, when its data directory is new: the services' roles and schemas.
set -e
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -f /papertape/roles.sql

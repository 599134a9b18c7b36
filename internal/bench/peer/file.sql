-- Purpose: names the file that load.sql reads.
SET VARIABLE file = ?;

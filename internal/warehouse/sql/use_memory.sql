-- Purpose: the database of the process's memory, which no other process sees. Grain and
-- keys: none.
USE memory;

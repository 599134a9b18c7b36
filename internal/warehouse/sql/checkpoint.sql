-- Purpose: move the write-ahead log into the file. Grain and keys: none.
CHECKPOINT;

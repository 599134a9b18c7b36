-- Purpose: forget which loads are in force when, before deriving it anew.
DELETE FROM ledger.vigencias;

-- Purpose: forget which quarantined rows a load closed. Parameter: load.
DELETE FROM ledger.correcciones WHERE corregida_por = ?;

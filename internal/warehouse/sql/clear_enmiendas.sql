-- Purpose: forget what corrections replaced in one load before it is said anew. Key: load_id.
DELETE FROM ledger.enmiendas WHERE load_id = ?;

-- Purpose: which quarantined rows a correction closes is found out anew, once, from the
-- archived files: corrections that came while another had closed the same rows were not
-- noted, and the rows are open again when that other one is withdrawn.

-- One row per thing that the program has to do to older rows before anything else.
-- Key: tarea.
CREATE TABLE ledger.tareas (tarea VARCHAR NOT NULL);
INSERT INTO ledger.tareas SELECT 'correcciones' WHERE EXISTS (SELECT 1 FROM ledger.reports WHERE corrects IS NOT NULL);

-- Purpose: is something left to do? Parameter: tarea. Grain: one row.
SELECT count(*) > 0 FROM ledger.tareas WHERE tarea = ?;

-- Purpose: it is done. Parameter: tarea.
DELETE FROM ledger.tareas WHERE tarea = ?;

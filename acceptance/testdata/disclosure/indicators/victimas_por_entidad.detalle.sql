-- Purpose: every row. Grain: one row per row in force.
SELECT entidad, sexo, victimas FROM current.fgr_victimas ORDER BY ALL

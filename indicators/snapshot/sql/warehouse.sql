-- Purpose: the name of the warehouse's database. Grain: one row.
SELECT current_database();

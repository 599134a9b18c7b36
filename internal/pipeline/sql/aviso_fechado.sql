-- Purpose: the periods of warnings about a line, from the clean rows of that line.
-- Grain: one row per warning. Key: load_id, problem_no.
CREATE OR REPLACE TEMPORARY TABLE aviso_fechado (load_id INTEGER, problem_no INTEGER, desde DATE, hasta DATE);

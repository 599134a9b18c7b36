-- Purpose: one spelling of one dictionary column of one load. Key: load_id, columna, codigo.
INSERT INTO raw.diccionario VALUES (?, ?, ?, ?, ?);

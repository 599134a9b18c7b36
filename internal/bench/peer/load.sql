-- Purpose: the bare load. Grain: one row per event. Key: folio (not checked).
CREATE TABLE eventos AS
SELECT *
FROM read_csv(
    getvariable('file'),
    auto_detect = false,
    header = true,
    delim = ',',
    quote = '"',
    escape = '"',
    columns = {
        'folio': 'VARCHAR',
        'fecha': 'DATE',
        'entidad': 'VARCHAR',
        'municipio': 'VARCHAR',
        'nacionalidad': 'VARCHAR',
        'sexo': 'VARCHAR',
        'edad': 'SMALLINT',
        'condicion': 'VARCHAR',
        'acompanamiento': 'VARCHAR'
    }
);

-- Purpose: values that are not what a report delivered them as: corrected by a
-- declaration, or suppressed by the source.
-- Grain and keys: stated at each relation.

-- One row per value that a declared correction replaces between raw and clean rows;
-- derived from corrections.yml whenever the clean rows of the load are made.
-- Key: load_id, line, mes, columna; also load_id, numero.
CREATE TABLE ledger.enmiendas (
    load_id    INTEGER NOT NULL,
    line       BIGINT  NOT NULL,
    mes        INTEGER NOT NULL, -- of a wide file, else 0
    columna    VARCHAR NOT NULL, -- of the raw table
    numero     INTEGER NOT NULL,
    correccion VARCHAR NOT NULL, -- id in corrections.yml
    declarada  VARCHAR NOT NULL, -- path:line:column
    encabezado VARCHAR NOT NULL, -- the column as the file calls it
    entregado  VARCHAR NOT NULL, -- as expected, which is as delivered
    valor      VARCHAR NOT NULL, -- as declared
    corregido  VARCHAR,          -- the same as the database casts it, NULL for an empty cell
    motivo     VARCHAR NOT NULL,
    fuente     VARCHAR NOT NULL,
    desde      DATE    NOT NULL
);

-- One row per number that the source suppressed: in raw it is NULL, as a missing
-- one is. Key: load_id, line, mes, columna.
CREATE TABLE raw.suprimidos (
    load_id INTEGER NOT NULL,
    line    BIGINT  NOT NULL,
    mes     INTEGER NOT NULL, -- of a wide file, else 0
    columna VARCHAR NOT NULL  -- of the raw table
);

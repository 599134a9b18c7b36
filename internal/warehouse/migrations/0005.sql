-- Purpose: raw rows as they lie in the file, apart from how they are read.
-- Grain and keys: stated at each relation.

-- Tables of one name with the views of raw, made as datasets are registered.
CREATE SCHEMA stored;

-- Texts of keys that are stored as numbers: of a form, a text that ends in the digits
-- of a number, with zeros in their place, which stands for all keys that are it but
-- for the number; or of one key. Key: load_id, codigo.
CREATE TABLE raw.claves (
    load_id INTEGER NOT NULL,
    codigo  BIGINT  NOT NULL,
    texto   VARCHAR NOT NULL
);

-- Purpose: the ledger (what was delivered, loaded, refused, withdrawn and
-- published) and the schemas that dataset registration fills.
-- Grain and keys: stated at each table. No index: facts are append-only and ids
-- are given under the single-writer lock.
CREATE SCHEMA ledger;
CREATE SCHEMA raw;
CREATE SCHEMA clean;
CREATE SCHEMA current;
CREATE SCHEMA reference;
CREATE SCHEMA indicators;

-- One row per report: one content (sha256) delivered for one dataset. Key: report_id.
CREATE TABLE ledger.reports (
    report_id           INTEGER   NOT NULL,
    dataset             VARCHAR   NOT NULL,
    sha256              VARCHAR   NOT NULL,
    name                VARCHAR   NOT NULL, -- as delivered; data only, never a path
    bytes               BIGINT    NOT NULL,
    arrived_at          TIMESTAMP NOT NULL, -- UTC
    published_on        DATE      NOT NULL, -- last day of the month or year where only that is known
    published_precision VARCHAR   NOT NULL, -- dia | mes | anio
    published_basis     VARCHAR   NOT NULL, -- columna | acompanante | parametro | llegada
    source              VARCHAR   NOT NULL,
    source_basis        VARCHAR   NOT NULL, -- columna | acompanante | parametro | buzon
    corrects            INTEGER,            -- report_id that this delivery corrects
    synthetic           BOOLEAN   NOT NULL,
    shipped             BOOLEAN   NOT NULL
);

-- One row per attempt to load a report, refused ones included. Key: load_id,
-- which is also the order of loads: clocks can go back, it does not.
CREATE TABLE ledger.loads (
    load_id        INTEGER   NOT NULL,
    report_id      INTEGER   NOT NULL,
    dataset        VARCHAR   NOT NULL,
    kind           VARCHAR   NOT NULL, -- inicial | recarga | repeticion | retiro
    outcome        VARCHAR   NOT NULL, -- aceptado | parcial | rechazado | retirado
    reason         VARCHAR   NOT NULL, -- of a refusal or a withdrawal, else ''
    contract_hash  VARCHAR   NOT NULL,
    binary_version VARCHAR   NOT NULL,
    started_at     TIMESTAMP NOT NULL,
    finished_at    TIMESTAMP NOT NULL,
    encoding       VARCHAR   NOT NULL, -- as read: utf-8, utf-8-bom, windows-1252, …
    physical_lines BIGINT    NOT NULL, -- = header + blank + skipped + record lines
    header_lines   BIGINT    NOT NULL, -- header and declared title lines
    blank_lines    BIGINT    NOT NULL,
    skipped_lines  BIGINT    NOT NULL, -- lines of declared footers
    record_lines   BIGINT    NOT NULL,
    records        BIGINT    NOT NULL, -- = accepted + quarantined + skipped
    accepted       BIGINT    NOT NULL,
    quarantined    BIGINT    NOT NULL,
    skipped        BIGINT    NOT NULL,
    raw_rows       BIGINT    NOT NULL, -- rows in raw: accepted records, times published months when wide
    first_period   DATE,               -- coverage, from the clean rows
    last_period    DATE
);

-- One row per broken rule. Key: load_id, problem_no.
CREATE TABLE ledger.problems (
    load_id    INTEGER NOT NULL,
    problem_no INTEGER NOT NULL,
    line       BIGINT  NOT NULL,
    position   INTEGER NOT NULL,
    field      VARCHAR NOT NULL,
    value      VARCHAR NOT NULL,
    rule       VARCHAR NOT NULL,
    severity   VARCHAR NOT NULL, -- aviso | fila | archivo
    message    VARCHAR NOT NULL,
    expected   VARCHAR NOT NULL,
    hint       VARCHAR NOT NULL
);

-- One row per quarantined record, as delivered. Key: load_id, line.
CREATE TABLE ledger.quarantine (
    load_id INTEGER NOT NULL,
    line    BIGINT  NOT NULL,
    lines   INTEGER NOT NULL, -- physical lines the record spans
    content VARCHAR NOT NULL
);

-- One row per registered dataset layout. Key: dataset.
CREATE TABLE ledger.datasets (
    dataset       VARCHAR   NOT NULL,
    raw_layout    VARCHAR   NOT NULL,
    clean_layout  VARCHAR   NOT NULL,
    registered_at TIMESTAMP NOT NULL
);

-- One row per publication. Key: publication_id.
CREATE TABLE ledger.publications (
    publication_id INTEGER   NOT NULL,
    published_at   TIMESTAMP NOT NULL,
    day            DATE      NOT NULL, -- in America/Mexico_City: lateness and answers hang on it
    last_load      INTEGER   NOT NULL,
    input_hash     VARCHAR   NOT NULL, -- of declarations, binary version and day
    binary_version VARCHAR   NOT NULL
);

-- One row per spelling of a dictionary column in one load. Key: load_id, columna, codigo.
CREATE TABLE raw.diccionario (
    load_id   INTEGER NOT NULL,
    columna   VARCHAR NOT NULL,
    codigo    INTEGER NOT NULL, -- what raw stores
    entregado VARCHAR NOT NULL, -- as delivered, NFC
    canonico  VARCHAR           -- catalogue code, or the text itself; NULL for an empty cell
);

-- When the rows of each load were in force on the clock of loading: from the load
-- itself until a later whole load of the same report, or its withdrawal. Derived
-- from ledger.loads and ledger.reports whenever a load is recorded, because every
-- view of rows in force reads it. One row per load that holds rows. Key: load_id.
CREATE TABLE ledger.vigencias (
    load_id             INTEGER NOT NULL,
    report_id           INTEGER NOT NULL,
    dataset             VARCHAR NOT NULL,
    first_period        DATE,
    last_period         DATE,
    published_on        DATE    NOT NULL, -- of a correction: not before that of the report it corrects
    published_precision VARCHAR NOT NULL,
    source              VARCHAR NOT NULL,
    hasta               INTEGER           -- the load at which it ended; NULL: still
);

-- Loads whose rows are in force at as_of_carga. One row per load. Key: load_id.
CREATE VIEW ledger.en_vigor AS
SELECT * EXCLUDE (hasta) FROM ledger.vigencias
WHERE load_id <= getvariable('as_of_carga') AND (hasta IS NULL OR hasta > getvariable('as_of_carga'));

-- One row per reference table stored. Key: tabla.
CREATE TABLE ledger.reference (
    tabla VARCHAR NOT NULL,
    hash  VARCHAR NOT NULL
);

CREATE SCHEMA historia;

-- Every computed value on both clocks: it held for as_of in
-- [as_of_desde, as_of_hasta) and loads in [carga_desde, carga_hasta).
-- Grain: one row per indicator, period, dimensions and rectangle.
CREATE TABLE indicators.valores (
    indicador      VARCHAR NOT NULL,
    periodo_inicio DATE    NOT NULL,
    periodo_fin    DATE    NOT NULL,
    dimensiones    VARCHAR NOT NULL,
    etiquetas      VARCHAR NOT NULL,
    valor          DOUBLE,
    numerador      DOUBLE,
    denominador    DOUBLE,
    unidad         VARCHAR NOT NULL,
    estado         VARCHAR NOT NULL,
    ruptura        BOOLEAN NOT NULL,
    intervalo_min  DOUBLE,
    intervalo_max  DOUBLE,
    notas          VARCHAR NOT NULL,
    atributos      VARCHAR NOT NULL,
    vigencia       DATE    NOT NULL,
    vigencia_precision VARCHAR NOT NULL,
    reportes       VARCHAR NOT NULL,
    contenido      VARCHAR NOT NULL, -- all of the above in canonical form
    as_of_desde    DATE    NOT NULL,
    as_of_hasta    DATE,
    carga_desde    INTEGER NOT NULL,
    carga_hasta    INTEGER
);

-- Lines of the detail tables of indicators, same rectangles.
-- Grain: one row per indicator, order, content and rectangle.
CREATE TABLE indicators.detalles (
    indicador   VARCHAR NOT NULL,
    orden       INTEGER NOT NULL,
    fila        VARCHAR NOT NULL,
    contenido   VARCHAR NOT NULL, -- order and row in canonical form
    as_of_desde DATE    NOT NULL,
    as_of_hasta DATE,
    carga_desde INTEGER NOT NULL,
    carga_hasta INTEGER
);

-- How far each indicator has been computed. Key: indicador.
CREATE TABLE indicators.avance (
    indicador    VARCHAR NOT NULL,
    hash         VARCHAR NOT NULL, -- of the declaration and all it reads
    ultima_carga INTEGER NOT NULL,
    dia          DATE    NOT NULL
);

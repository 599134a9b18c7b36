-- Purpose: tables of a published file, the only thing that the web process reads.
-- Written once, then read-only. Every text a reader sees is Spanish.

-- One row. Key: none.
CREATE TABLE publicacion (
    id           INTEGER   NOT NULL,
    publicado_en TIMESTAMP NOT NULL, -- UTC
    dia          DATE      NOT NULL, -- America/Mexico_City
    ultima_carga INTEGER   NOT NULL,
    version      VARCHAR   NOT NULL
);

-- One row per declared indicator. Key: id.
CREATE TABLE indicador (
    id          VARCHAR NOT NULL,
    orden       INTEGER NOT NULL,
    declaracion VARCHAR NOT NULL -- JSON of indicators.Indicator
);

-- One row per indicator, period, dimensions and rectangle of both clocks: the
-- value held for as_of in [as_of_desde, as_of_hasta) and loads in
-- [carga_desde, carga_hasta); NULL end = still.
CREATE TABLE valor (
    indicador      VARCHAR NOT NULL,
    periodo_inicio DATE    NOT NULL,
    periodo_fin    DATE    NOT NULL,
    dimensiones    VARCHAR NOT NULL, -- JSON object, keys sorted; the total is {}
    etiquetas      VARCHAR NOT NULL, -- JSON object: Spanish label of each dimension value
    valor          DOUBLE,
    numerador      DOUBLE,
    denominador    DOUBLE,
    unidad         VARCHAR NOT NULL,
    estado         VARCHAR NOT NULL, -- definitivo | preliminar | revisado | estimado | faltante | suprimido
    ruptura        BOOLEAN NOT NULL,
    intervalo_min  DOUBLE,           -- both or none: where the source rounds
    intervalo_max  DOUBLE,
    notas          VARCHAR NOT NULL, -- JSON array of texts
    atributos      VARCHAR NOT NULL, -- JSON object: band, answered questions, …
    vigencia       DATE    NOT NULL, -- newest publication date used
    vigencia_precision VARCHAR NOT NULL, -- dia | mes | anio
    reportes       VARCHAR NOT NULL, -- JSON array of report ids, ascending
    as_of_desde    DATE    NOT NULL,
    as_of_hasta    DATE,
    carga_desde    INTEGER NOT NULL,
    carga_hasta    INTEGER
);

-- One row per line of an indicator's detail table (the questions of the index,
-- the claims beside a figure). Same rectangles as valor.
CREATE TABLE detalle (
    indicador   VARCHAR NOT NULL,
    orden       INTEGER NOT NULL,
    fila        VARCHAR NOT NULL, -- JSON object
    as_of_desde DATE    NOT NULL,
    as_of_hasta DATE,
    carga_desde INTEGER NOT NULL,
    carga_hasta INTEGER
);

-- One row per declared dataset, loaded or not. Key: id.
CREATE TABLE conjunto (
    id             VARCHAR NOT NULL,
    institucion    VARCHAR NOT NULL,
    productor      VARCHAR NOT NULL, -- full name of who produces it
    contacto       VARCHAR NOT NULL, -- area to ask, never a person
    clase          VARCHAR NOT NULL,
    catalogo       VARCHAR NOT NULL, -- JSON of data.Catalog
    cadencia       VARCHAR NOT NULL, -- JSON of data.Cadence
    fuente         VARCHAR NOT NULL,
    licencia       VARCHAR NOT NULL,
    primer_periodo DATE,             -- of the rows in force
    ultimo_periodo DATE,
    filas          BIGINT            -- clean rows in force; NULL: protected, as in carga
);

-- One row per report that was not refused or was: everything /datos and
-- `cauce report` show. No file content. Counts are NULL where they count what a
-- protected indicator hides. Key: reporte, carga.
CREATE TABLE carga (
    carga          INTEGER   NOT NULL,
    reporte        INTEGER   NOT NULL,
    conjunto       VARCHAR   NOT NULL,
    tipo           VARCHAR   NOT NULL,
    resultado      VARCHAR   NOT NULL, -- aceptado | parcial | rechazado | retirado
    motivo         VARCHAR   NOT NULL,
    archivo        VARCHAR   NOT NULL, -- name as delivered
    sha256         VARCHAR   NOT NULL,
    bytes          BIGINT,
    recibido_en    TIMESTAMP NOT NULL,
    terminado_en   TIMESTAMP NOT NULL,
    segundos       DOUBLE    NOT NULL, -- duration of the load
    publicado_en   DATE      NOT NULL,
    publicado_precision VARCHAR NOT NULL,
    publicado_base VARCHAR   NOT NULL,
    fuente         VARCHAR   NOT NULL,
    registros      BIGINT,
    aceptados      BIGINT,
    cuarentena     BIGINT,
    omitidos       BIGINT,
    lineas         BIGINT,
    primer_periodo DATE,
    ultimo_periodo DATE,
    contrato       VARCHAR   NOT NULL, -- contract hash
    version        VARCHAR   NOT NULL,
    sintetico      BOOLEAN   NOT NULL,
    incluido       BOOLEAN   NOT NULL, -- shipped with the program
    corrige        INTEGER             -- report that this one corrects; NULL: none
);

-- One row per load and rule: how often it was broken. Key: carga, regla.
CREATE TABLE problema (
    carga     INTEGER NOT NULL,
    regla     VARCHAR NOT NULL,
    severidad VARCHAR NOT NULL,
    veces     BIGINT  NOT NULL
);

-- One row per dataset and rule: open quarantined rows that broke it, and since when
-- the oldest. A row that broke two rules counts under each. Key: conjunto, regla.
CREATE TABLE cuarentena (
    conjunto VARCHAR   NOT NULL,
    regla    VARCHAR   NOT NULL, -- '' counts each row once
    filas    BIGINT    NOT NULL,
    desde    TIMESTAMP NOT NULL
);

-- One row per load, state of its quarantined rows and load that closed them; of a load
-- without quarantined rows none. Key: carga, estado, por.
CREATE TABLE estado_cuarentena (
    carga  INTEGER NOT NULL,
    estado VARCHAR NOT NULL, -- abierta | corregida | incorporada (passed when judged again) | pendiente (set aside again, a row of por) | sustituida | retirada
    por    INTEGER,          -- NULL: open
    filas  BIGINT  NOT NULL
);

-- One row per load that holds rows, rule, period and text: what a figure of one of
-- its reports and of that period must be read with. Key: those.
CREATE TABLE aviso (
    carga          INTEGER NOT NULL,
    reporte        INTEGER NOT NULL,
    conjunto       VARCHAR NOT NULL,
    regla          VARCHAR NOT NULL,
    regla_texto    VARCHAR NOT NULL, -- what the rule says
    texto          VARCHAR NOT NULL, -- what it found here
    periodo_inicio DATE,             -- NULL: all that the load brought
    periodo_fin    DATE,
    veces          BIGINT  NOT NULL,
    carga_hasta    INTEGER           -- the load at which these rows ended; NULL: still
);

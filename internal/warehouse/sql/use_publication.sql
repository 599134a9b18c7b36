-- Purpose: published.sql names its tables without a database. Grain and keys: none.
USE publicacion;

-- Purpose: close the published file. Grain and keys: none.
DETACH publicacion;

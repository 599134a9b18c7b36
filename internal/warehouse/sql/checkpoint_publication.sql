-- Purpose: everything into the published file itself. Grain and keys: none.
CHECKPOINT publicacion;

-- Purpose: one declared break in method. Keys: indicador, desde.
INSERT INTO rupturas VALUES (?, CAST(? AS DATE));

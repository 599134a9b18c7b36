-- Purpose: the datasets' revision policies, for the view of quarantined rows.
SET VARIABLE politicas = ?;

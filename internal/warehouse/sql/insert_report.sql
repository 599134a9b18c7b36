-- Purpose: one report, which corrects the report 0 where it corrects none. Key: report_id.
INSERT INTO ledger.reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(CAST(? AS INTEGER), 0), ?, ?);

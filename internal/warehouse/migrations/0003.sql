-- Purpose: the period that a broken rule is about, so that it is shown beside the
-- figures of that period and no others.
-- Grain and keys: those of ledger.problems.
ALTER TABLE ledger.problems ADD COLUMN period_start DATE; -- NULL: all that the load brought
ALTER TABLE ledger.problems ADD COLUMN period_end DATE;

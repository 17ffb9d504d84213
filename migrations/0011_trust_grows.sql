-- Written by hand: what drizzle's schema cannot say. Versions of trust lists, dead keys, and the log of both only grow.
CREATE TRIGGER `trust_documents_keep_rows` BEFORE DELETE ON `trust_documents` BEGIN SELECT RAISE(ABORT, 'marks of trust lists stay'); END;
--> statement-breakpoint
CREATE TRIGGER `trust_documents_grow` BEFORE INSERT ON `trust_documents`
WHEN EXISTS (SELECT 1 FROM `trust_documents` WHERE `type` = NEW.`type` AND `authority` = NEW.`authority` AND `version` >= NEW.`version`)
BEGIN SELECT RAISE(ABORT, 'versions of trust lists only grow'); END;
--> statement-breakpoint
CREATE TRIGGER `trust_documents_keep_values` BEFORE UPDATE ON `trust_documents`
WHEN OLD.`type` = 'root' OR NEW.`text` IS NOT NULL OR NEW.`place` <> OLD.`place` OR NEW.`type` <> OLD.`type` OR NEW.`authority` <> OLD.`authority`
	OR NEW.`version` <> OLD.`version` OR NEW.`hash` <> OLD.`hash` OR NEW.`accepted_at` <> OLD.`accepted_at`
BEGIN SELECT RAISE(ABORT, 'of an older list only the text goes'); END;
--> statement-breakpoint
CREATE TRIGGER `trust_tombstones_keep_rows` BEFORE DELETE ON `trust_tombstones` BEGIN SELECT RAISE(ABORT, 'dead keys stay dead'); END;
--> statement-breakpoint
CREATE TRIGGER `trust_tombstones_keep_values` BEFORE UPDATE ON `trust_tombstones` BEGIN SELECT RAISE(ABORT, 'dead keys stay dead'); END;
--> statement-breakpoint
CREATE TRIGGER `trust_nodes_keep_rows` BEFORE DELETE ON `trust_nodes` BEGIN SELECT RAISE(ABORT, 'the trust log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `trust_nodes_keep_values` BEFORE UPDATE ON `trust_nodes` BEGIN SELECT RAISE(ABORT, 'the trust log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `trust_leaves_keep_rows` BEFORE DELETE ON `trust_leaves` BEGIN SELECT RAISE(ABORT, 'the trust log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `trust_leaves_keep_values` BEFORE UPDATE ON `trust_leaves` BEGIN SELECT RAISE(ABORT, 'the trust log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `trust_log_marks_keep_rows` BEFORE DELETE ON `trust_log_marks` BEGIN SELECT RAISE(ABORT, 'marks of logs stay'); END;
--> statement-breakpoint
CREATE TRIGGER `trust_log_marks_grow` BEFORE UPDATE ON `trust_log_marks`
WHEN NEW.`role` <> OLD.`role` OR NEW.`origin` <> OLD.`origin` OR NEW.`size` < OLD.`size` OR (NEW.`size` = OLD.`size` AND NEW.`root` <> OLD.`root`)
BEGIN SELECT RAISE(ABORT, 'logs only grow'); END;

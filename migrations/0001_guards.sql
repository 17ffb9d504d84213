-- Written by hand: what drizzle's schema cannot say. The log only grows, and so do the counters of the lists.
CREATE TRIGGER `log_keeps_rows` BEFORE DELETE ON `log` BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `log_keeps_values` BEFORE UPDATE ON `log` BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `lists_keep_rows` BEFORE DELETE ON `lists` BEGIN SELECT RAISE(ABORT, 'lists stay'); END;
--> statement-breakpoint
CREATE TRIGGER `lists_grow` BEFORE UPDATE ON `lists`
WHEN NEW.`next` <= OLD.`next` OR NEW.`number` <> OLD.`number` OR NEW.`kind` <> OLD.`kind` OR NEW.`bits` <> OLD.`bits`
	OR NEW.`entries` <> OLD.`entries` OR NEW.`seed` <> OLD.`seed`
BEGIN SELECT RAISE(ABORT, 'of a list only the counter changes, and it grows'); END;

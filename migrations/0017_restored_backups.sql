CREATE TABLE `eras` (
	`era` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE `lists` ADD `burnt_from` integer;--> statement-breakpoint
-- Written by hand: what drizzle's schema cannot say. Eras only grow, and what a restoration gave up of a list stays given up.
CREATE TRIGGER `eras_grow` BEFORE INSERT ON `eras`
WHEN NEW.`era` <= (SELECT coalesce(max(`era`), 0) FROM `eras`)
BEGIN SELECT RAISE(ABORT, 'eras only grow'); END;
--> statement-breakpoint
CREATE TRIGGER `eras_keep_values` BEFORE UPDATE ON `eras` BEGIN SELECT RAISE(ABORT, 'eras stay'); END;
--> statement-breakpoint
CREATE TRIGGER `eras_keep_rows` BEFORE DELETE ON `eras` BEGIN SELECT RAISE(ABORT, 'eras stay'); END;
--> statement-breakpoint
CREATE TRIGGER `lists_stay_burnt` BEFORE UPDATE ON `lists`
WHEN OLD.`burnt_from` IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what was given up stays given up'); END;

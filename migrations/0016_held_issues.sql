CREATE TABLE `held_issues` (
	`id` text PRIMARY KEY NOT NULL,
	`proposal_id` text NOT NULL,
	`principal` text NOT NULL,
	`kind` text NOT NULL,
	`region` text NOT NULL,
	`operator` text NOT NULL,
	`evidence` text NOT NULL,
	`key` text,
	`request_hash` text NOT NULL,
	`content` text,
	`held_at` integer NOT NULL,
	`credential_id` text,
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`credential_id`) REFERENCES `credentials`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `held_issues_key` ON `held_issues` (`principal`,`key`) WHERE "held_issues"."key" is not null;--> statement-breakpoint
CREATE INDEX `held_issues_stale` ON `held_issues` (`held_at`) WHERE "held_issues"."content" is not null;--> statement-breakpoint
CREATE TABLE `issue_counts` (
	`principal` text NOT NULL,
	`kind` text NOT NULL,
	`day` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`principal`, `kind`),
	CONSTRAINT "issue_counts_count" CHECK("issue_counts"."count" >= 1)
);
--> statement-breakpoint
-- Written by hand: what drizzle's schema cannot say. What waits stays on record, of it only the content goes, once; counts grow.
CREATE TRIGGER `held_issues_keep_rows` BEFORE DELETE ON `held_issues` BEGIN SELECT RAISE(ABORT, 'held requests stay'); END;
--> statement-breakpoint
CREATE TRIGGER `held_issues_go_on` BEFORE UPDATE ON `held_issues`
WHEN OLD.`content` IS NULL OR NEW.`content` IS NOT NULL OR NEW.`id` <> OLD.`id` OR NEW.`proposal_id` <> OLD.`proposal_id`
	OR NEW.`principal` <> OLD.`principal` OR NEW.`kind` <> OLD.`kind` OR NEW.`region` <> OLD.`region` OR NEW.`operator` <> OLD.`operator`
	OR NEW.`evidence` <> OLD.`evidence` OR NEW.`key` IS NOT OLD.`key` OR NEW.`request_hash` <> OLD.`request_hash` OR NEW.`held_at` <> OLD.`held_at`
BEGIN SELECT RAISE(ABORT, 'of a held request the content goes, once'); END;
--> statement-breakpoint
CREATE TRIGGER `issue_counts_keep_rows` BEFORE DELETE ON `issue_counts` BEGIN SELECT RAISE(ABORT, 'counts stay'); END;
--> statement-breakpoint
CREATE TRIGGER `issue_counts_grow` BEFORE UPDATE ON `issue_counts`
WHEN NEW.`principal` <> OLD.`principal` OR NEW.`kind` <> OLD.`kind` OR NEW.`day` < OLD.`day` OR (NEW.`day` = OLD.`day` AND NEW.`count` <= OLD.`count`)
BEGIN SELECT RAISE(ABORT, 'a day and its count grow'); END;

ALTER TABLE `trust_documents` ADD `left_out` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
DROP TRIGGER `trust_documents_keep_values`;
--> statement-breakpoint
CREATE TRIGGER `trust_documents_keep_values` BEFORE UPDATE ON `trust_documents`
WHEN OLD.`type` = 'root' OR NEW.`text` IS NOT NULL OR NEW.`place` <> OLD.`place` OR NEW.`type` <> OLD.`type` OR NEW.`authority` <> OLD.`authority`
	OR NEW.`version` <> OLD.`version` OR NEW.`hash` <> OLD.`hash` OR NEW.`left_out` <> OLD.`left_out` OR NEW.`accepted_at` <> OLD.`accepted_at`
BEGIN SELECT RAISE(ABORT, 'of an older list only the text goes'); END;

ALTER TABLE `encodings` ADD `device` text;--> statement-breakpoint
ALTER TABLE `encodings` ADD `ends_at` integer;--> statement-breakpoint
CREATE INDEX `encodings_device` ON `encodings` (`device`) WHERE "encodings"."device" is not null;--> statement-breakpoint
CREATE INDEX `encodings_ends` ON `encodings` (`ends_at`) WHERE "encodings"."ends_at" is not null and "encodings"."revoked" = 0;--> statement-breakpoint
-- Written by hand: what drizzle's schema cannot say. What a code is bound to stays.
CREATE TRIGGER `encodings_keep_device` BEFORE UPDATE ON `encodings`
WHEN NEW.`device` IS NOT OLD.`device`
BEGIN SELECT RAISE(ABORT, 'what a code is bound to stays'); END;

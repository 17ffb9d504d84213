DROP INDEX `log_api_keys`;--> statement-breakpoint
CREATE INDEX `log_api_keys` ON `log` (`seq`) WHERE "log"."type" in ('api_key_created', 'api_key_confirmed', 'api_key_rotated', 'api_key_revoked');--> statement-breakpoint
ALTER TABLE `api_keys` ADD `region` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `kinds` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `site` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `old_salt` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `old_hash` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `old_ends_at` integer;--> statement-breakpoint
-- Written by hand: what drizzle's schema cannot say. A secret that is replaced becomes the old one.
DROP TRIGGER `api_keys_keep_values`;
--> statement-breakpoint
CREATE TRIGGER `api_keys_keep_values` BEFORE UPDATE ON `api_keys`
WHEN OLD.`revoked_at` IS NOT NULL OR NEW.`id` <> OLD.`id` OR NEW.`name` <> OLD.`name` OR NEW.`scopes` <> OLD.`scopes`
	OR NEW.`created_at` <> OLD.`created_at` OR NEW.`created_by` IS NOT OLD.`created_by` OR NEW.`public_key` IS NOT OLD.`public_key`
	OR NEW.`region` IS NOT OLD.`region` OR NEW.`kinds` IS NOT OLD.`kinds` OR NEW.`site` IS NOT OLD.`site`
	OR (OLD.`confirmed_by` IS NOT NULL AND (NEW.`confirmed_by` IS NOT OLD.`confirmed_by` OR NEW.`confirmed_at` IS NOT OLD.`confirmed_at`))
	OR (NEW.`hash` = OLD.`hash` AND (NEW.`salt` <> OLD.`salt` OR NEW.`expires_at` IS NOT OLD.`expires_at` OR NEW.`old_salt` IS NOT OLD.`old_salt`
		OR NEW.`old_hash` IS NOT OLD.`old_hash` OR NEW.`old_ends_at` IS NOT OLD.`old_ends_at`))
	OR (NEW.`hash` <> OLD.`hash` AND (NEW.`old_salt` IS NOT OLD.`salt` OR NEW.`old_hash` IS NOT OLD.`hash` OR NEW.`old_ends_at` IS NULL))
BEGIN SELECT RAISE(ABORT, 'of an API key confirmation and revocation change, once, and the secret, which becomes the old one'); END;

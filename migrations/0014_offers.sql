CREATE TABLE `offers` (
	`id` text PRIMARY KEY NOT NULL,
	`credential_id` text NOT NULL,
	`secret_hash` text NOT NULL,
	`tx_code_hash` text NOT NULL,
	`forms` text NOT NULL,
	`keep_devices` integer NOT NULL,
	`made_by` text NOT NULL,
	`made_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`wrong_codes` integer NOT NULL,
	`redeemed` integer NOT NULL,
	`token_hash` text,
	`token_expires_at` integer,
	`device` text,
	`claimed` text NOT NULL,
	FOREIGN KEY (`credential_id`) REFERENCES `credentials`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "offers_counts" CHECK("offers"."wrong_codes" between 0 and 5 and "offers"."redeemed" >= 0)
);
--> statement-breakpoint
-- Written by hand: what drizzle's schema cannot say. Offers stay, their counts only grow, and who has claimed stays.
CREATE TRIGGER `offers_keep_rows` BEFORE DELETE ON `offers` BEGIN SELECT RAISE(ABORT, 'offers stay'); END;
--> statement-breakpoint
CREATE TRIGGER `offers_go_on` BEFORE UPDATE ON `offers`
WHEN NEW.`id` <> OLD.`id` OR NEW.`credential_id` <> OLD.`credential_id` OR NEW.`secret_hash` <> OLD.`secret_hash`
	OR NEW.`tx_code_hash` <> OLD.`tx_code_hash` OR NEW.`forms` <> OLD.`forms` OR NEW.`keep_devices` <> OLD.`keep_devices`
	OR NEW.`made_by` <> OLD.`made_by` OR NEW.`made_at` <> OLD.`made_at` OR NEW.`expires_at` <> OLD.`expires_at`
	OR NEW.`wrong_codes` < OLD.`wrong_codes` OR NEW.`redeemed` < OLD.`redeemed`
	OR (OLD.`device` IS NOT NULL AND NEW.`device` IS NOT OLD.`device`)
BEGIN SELECT RAISE(ABORT, 'of an offer only codes tried, a token and a claim are added'); END;

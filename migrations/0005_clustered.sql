-- Written by hand: drizzle's schema cannot say WITHOUT ROWID. One b-tree a table instead of two, so that an issue writes less.
-- Dropping a table drops its triggers, so those that keep what was issued and revoked are made again.
CREATE TABLE `__new_credentials` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`region` text NOT NULL,
	`principal` text NOT NULL,
	`operator` text NOT NULL,
	`evidence` text NOT NULL,
	`issued_at` integer NOT NULL,
	`expires_at` integer,
	`revoked` integer NOT NULL,
	`suspended` integer NOT NULL,
	`level` integer NOT NULL,
	`demo` integer NOT NULL,
	CONSTRAINT "credentials_level" CHECK("level" between 0 and 15)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_credentials` (`id`, `kind`, `region`, `principal`, `operator`, `evidence`, `issued_at`, `expires_at`, `revoked`, `suspended`, `level`, `demo`)
SELECT `id`, `kind`, `region`, `principal`, `operator`, `evidence`, `issued_at`, `expires_at`, `revoked`, `suspended`, `level`, `demo` FROM `credentials` ORDER BY `id`;
--> statement-breakpoint
DROP TABLE `credentials`;
--> statement-breakpoint
ALTER TABLE `__new_credentials` RENAME TO `credentials`;
--> statement-breakpoint
CREATE TRIGGER `credentials_keep_rows` BEFORE DELETE ON `credentials` BEGIN SELECT RAISE(ABORT, 'credentials stay'); END;
--> statement-breakpoint
CREATE TRIGGER `credentials_stay_revoked` BEFORE UPDATE ON `credentials`
WHEN OLD.`revoked` <> 0 AND NEW.`revoked` IS NOT OLD.`revoked`
BEGIN SELECT RAISE(ABORT, 'revoked is for good'); END;
--> statement-breakpoint
CREATE TABLE `__new_idempotency` (
	`principal` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`credential_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`principal`, `key`),
	FOREIGN KEY (`credential_id`) REFERENCES `credentials`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_idempotency` (`principal`, `key`, `request_hash`, `credential_id`, `at`)
SELECT `principal`, `key`, `request_hash`, `credential_id`, `at` FROM `idempotency` ORDER BY `principal`, `key`;
--> statement-breakpoint
DROP TABLE `idempotency`;
--> statement-breakpoint
ALTER TABLE `__new_idempotency` RENAME TO `idempotency`;

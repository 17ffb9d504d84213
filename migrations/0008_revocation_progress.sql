ALTER TABLE `revocation_jobs` ADD `skipped` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `revocation_jobs` ADD `failure` text;
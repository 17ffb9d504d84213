CREATE TABLE `appeals` (
	`id` text PRIMARY KEY NOT NULL,
	`credential_id` text NOT NULL,
	`change_id` text NOT NULL,
	`grounds` text NOT NULL,
	`operator` text NOT NULL,
	`filed_by` text NOT NULL,
	`filed_at` integer NOT NULL,
	`state` text NOT NULL,
	`decided_by` text,
	`decided_at` integer,
	`decider_jws` text,
	`answer` text,
	`proposal_id` text,
	FOREIGN KEY (`credential_id`) REFERENCES `credentials`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "appeals_state" CHECK("appeals"."state" in ('open', 'accepted', 'rejected'))
);
--> statement-breakpoint
CREATE INDEX `appeals_credential` ON `appeals` (`credential_id`);--> statement-breakpoint
CREATE TABLE `colour_changes` (
	`change_id` text NOT NULL,
	`credential_id` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`rule_id` text,
	`rule_version` integer,
	`form` text,
	`from_suspended` integer NOT NULL,
	`from_level` integer NOT NULL,
	`to_revoked` integer NOT NULL,
	`to_suspended` integer NOT NULL,
	`to_level` integer NOT NULL,
	`purpose` text NOT NULL,
	`evidence` text,
	PRIMARY KEY(`change_id`, `credential_id`),
	FOREIGN KEY (`credential_id`) REFERENCES `credentials`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "colour_changes_by" CHECK("colour_changes"."by" in ('proposal', 'rule', 'held', 'single'))
);
--> statement-breakpoint
CREATE INDEX `colour_changes_credential` ON `colour_changes` (`credential_id`,`at`);--> statement-breakpoint
CREATE INDEX `colour_changes_rule` ON `colour_changes` (`rule_id`,`at`) WHERE "colour_changes"."rule_id" is not null;--> statement-breakpoint
CREATE INDEX `colour_changes_single` ON `colour_changes` (`actor`,`at`) WHERE "colour_changes"."by" = 'single';--> statement-breakpoint
CREATE TABLE `colour_rules` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`kind` text NOT NULL,
	`from_levels` text NOT NULL,
	`to_level` text NOT NULL,
	`text` text NOT NULL,
	`purposes` text NOT NULL,
	`cap_per_hour` integer NOT NULL,
	`valid_from` integer NOT NULL,
	`proposal_id` text NOT NULL,
	`retired_at` integer,
	`retired_by` text,
	PRIMARY KEY(`id`, `version`),
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`retired_by`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `rule_invocations` (
	`id` text PRIMARY KEY NOT NULL,
	`principal` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`rule_id` text NOT NULL,
	`rule_version` integer NOT NULL,
	`at` integer NOT NULL,
	`purpose` text NOT NULL,
	`evidence` text NOT NULL,
	`changed` integer NOT NULL,
	`unchanged` integer NOT NULL,
	`held` integer NOT NULL,
	`proposal_id` text,
	FOREIGN KEY (`proposal_id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rule_invocations_key` ON `rule_invocations` (`principal`,`key`);--> statement-breakpoint
CREATE TABLE `proposals` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`body` text NOT NULL,
	`hash` text NOT NULL,
	`size` integer NOT NULL,
	`seen` text NOT NULL,
	`proposed_by` text NOT NULL,
	`proposed_at` integer NOT NULL,
	`proposer_jws` text,
	`state` text NOT NULL,
	`decided_by` text,
	`decided_at` integer,
	`decider_jws` text,
	CONSTRAINT "proposals_state" CHECK("proposals"."state" in ('open', 'approved', 'rejected', 'withdrawn'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `proposals_hash` ON `proposals` (`hash`);--> statement-breakpoint
CREATE INDEX `proposals_time` ON `proposals` (`type`,`proposed_at`);--> statement-breakpoint
CREATE INDEX `proposals_open` ON `proposals` (`id`) WHERE "proposals"."state" = 'open';--> statement-breakpoint
CREATE TABLE `revocation_jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`scope` text NOT NULL,
	`total` integer NOT NULL,
	`done` integer NOT NULL,
	`cursor` text NOT NULL,
	`state` text NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	FOREIGN KEY (`id`) REFERENCES `proposals`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "revocation_jobs_state" CHECK("revocation_jobs"."state" in ('running', 'done'))
);
--> statement-breakpoint
CREATE INDEX `revocation_jobs_running` ON `revocation_jobs` (`id`) WHERE "revocation_jobs"."state" = 'running';--> statement-breakpoint
DROP INDEX `log_api_keys`;--> statement-breakpoint
CREATE INDEX `log_api_keys` ON `log` (`seq`) WHERE "log"."type" in ('api_key_created', 'api_key_confirmed', 'api_key_revoked');--> statement-breakpoint
ALTER TABLE `api_keys` ADD `created_by` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `public_key` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `confirmed_by` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `confirmed_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_public_key` ON `api_keys` (`public_key`);--> statement-breakpoint
ALTER TABLE `credentials` ADD `batch` text;
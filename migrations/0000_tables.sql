CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`salt` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE TABLE `credentials` (
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
	CONSTRAINT "credentials_level" CHECK("credentials"."level" between 0 and 15)
);
--> statement-breakpoint
CREATE TABLE `encodings` (
	`release` integer PRIMARY KEY NOT NULL,
	`credential_id` text NOT NULL,
	`form` text NOT NULL,
	`list` integer NOT NULL,
	`index` integer NOT NULL,
	`code` text NOT NULL,
	`kid` text NOT NULL,
	`revoked` integer NOT NULL,
	`value` integer NOT NULL,
	FOREIGN KEY (`credential_id`) REFERENCES `credentials`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`list`) REFERENCES `lists`(`number`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "encodings_index" CHECK("encodings"."index" >= 0),
	CONSTRAINT "encodings_value" CHECK("encodings"."value" between 0 and 15)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `encodings_place` ON `encodings` (`list`,`index`);--> statement-breakpoint
CREATE INDEX `encodings_credential` ON `encodings` (`credential_id`);--> statement-breakpoint
CREATE INDEX `encodings_status` ON `encodings` (`list`,`index`,`value`) WHERE "encodings"."value" <> 0;--> statement-breakpoint
CREATE TABLE `idempotency` (
	`principal` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`credential_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`principal`, `key`),
	FOREIGN KEY (`credential_id`) REFERENCES `credentials`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `lists` (
	`number` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`bits` integer NOT NULL,
	`entries` integer NOT NULL,
	`seed` blob NOT NULL,
	`next` integer NOT NULL,
	CONSTRAINT "lists_bits" CHECK("lists"."bits" in (2, 4)),
	CONSTRAINT "lists_next" CHECK("lists"."next" between 0 and "lists"."entries")
);
--> statement-breakpoint
CREATE TABLE `log` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`type` text NOT NULL,
	`body` text NOT NULL,
	`prev` text NOT NULL,
	`hash` text NOT NULL
);

CREATE TABLE `trust_documents` (
	`place` integer PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`authority` text NOT NULL,
	`version` integer NOT NULL,
	`hash` text NOT NULL,
	`text` text,
	`accepted_at` integer NOT NULL,
	CONSTRAINT "trust_documents_type" CHECK("trust_documents"."type" in ('root', 'list')),
	CONSTRAINT "trust_documents_number" CHECK("trust_documents"."version" >= 1)
);
--> statement-breakpoint
CREATE INDEX `trust_documents_version` ON `trust_documents` (`type`,`authority`,`version`);--> statement-breakpoint
CREATE INDEX `trust_documents_kept` ON `trust_documents` (`place`) WHERE "trust_documents"."text" is not null;--> statement-breakpoint
CREATE TABLE `trust_leaves` (
	`index` integer PRIMARY KEY NOT NULL,
	`text` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `trust_leaves_text` ON `trust_leaves` (`text`);--> statement-breakpoint
CREATE TABLE `trust_log_marks` (
	`role` text NOT NULL,
	`origin` text NOT NULL,
	`size` integer NOT NULL,
	`root` text NOT NULL,
	`note` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`role`, `origin`),
	CONSTRAINT "trust_log_marks_role" CHECK("trust_log_marks"."role" in ('own', 'seen', 'witness'))
);
--> statement-breakpoint
CREATE TABLE `trust_nodes` (
	`level` integer NOT NULL,
	`index` integer NOT NULL,
	`hash` blob NOT NULL,
	PRIMARY KEY(`level`, `index`)
);
--> statement-breakpoint
CREATE TABLE `trust_tombstones` (
	`authority` text NOT NULL,
	`thumbprint` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`authority`, `thumbprint`)
);

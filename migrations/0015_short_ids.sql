ALTER TABLE `encodings` ADD `short_id` text;--> statement-breakpoint
CREATE UNIQUE INDEX `encodings_short_id` ON `encodings` (`short_id`) WHERE "encodings"."short_id" is not null;
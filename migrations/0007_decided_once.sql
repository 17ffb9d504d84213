-- Written by hand: what drizzle's schema cannot say. What was decided is decided once, and changes of colours are kept as they were made.
DROP TRIGGER `api_keys_keep_values`;
--> statement-breakpoint
CREATE TRIGGER `api_keys_keep_values` BEFORE UPDATE ON `api_keys`
WHEN OLD.`revoked_at` IS NOT NULL OR NEW.`id` <> OLD.`id` OR NEW.`name` <> OLD.`name` OR NEW.`scopes` <> OLD.`scopes`
	OR NEW.`salt` <> OLD.`salt` OR NEW.`hash` <> OLD.`hash` OR NEW.`created_at` <> OLD.`created_at`
	OR NEW.`expires_at` IS NOT OLD.`expires_at` OR NEW.`created_by` IS NOT OLD.`created_by` OR NEW.`public_key` IS NOT OLD.`public_key`
	OR (OLD.`confirmed_by` IS NOT NULL AND (NEW.`confirmed_by` IS NOT OLD.`confirmed_by` OR NEW.`confirmed_at` IS NOT OLD.`confirmed_at`))
BEGIN SELECT RAISE(ABORT, 'of an API key only confirmation and revocation change, once'); END;
--> statement-breakpoint
CREATE TRIGGER `proposals_keep_rows` BEFORE DELETE ON `proposals` BEGIN SELECT RAISE(ABORT, 'proposals stay'); END;
--> statement-breakpoint
CREATE TRIGGER `proposals_keep_values` BEFORE UPDATE ON `proposals`
WHEN OLD.`state` <> 'open' OR NEW.`id` <> OLD.`id` OR NEW.`type` <> OLD.`type` OR NEW.`body` <> OLD.`body` OR NEW.`hash` <> OLD.`hash`
	OR NEW.`size` <> OLD.`size` OR NEW.`seen` <> OLD.`seen` OR NEW.`proposed_by` <> OLD.`proposed_by` OR NEW.`proposed_at` <> OLD.`proposed_at`
	OR NEW.`proposer_jws` IS NOT OLD.`proposer_jws`
BEGIN SELECT RAISE(ABORT, 'a proposal is decided once'); END;
--> statement-breakpoint
CREATE TRIGGER `colour_rules_keep_rows` BEFORE DELETE ON `colour_rules` BEGIN SELECT RAISE(ABORT, 'rules stay'); END;
--> statement-breakpoint
CREATE TRIGGER `colour_rules_keep_values` BEFORE UPDATE ON `colour_rules`
WHEN OLD.`retired_at` IS NOT NULL OR NEW.`id` <> OLD.`id` OR NEW.`version` <> OLD.`version` OR NEW.`kind` <> OLD.`kind`
	OR NEW.`from_levels` <> OLD.`from_levels` OR NEW.`to_level` <> OLD.`to_level` OR NEW.`text` <> OLD.`text`
	OR NEW.`purposes` <> OLD.`purposes` OR NEW.`cap_per_hour` <> OLD.`cap_per_hour` OR NEW.`valid_from` <> OLD.`valid_from`
	OR NEW.`proposal_id` <> OLD.`proposal_id`
BEGIN SELECT RAISE(ABORT, 'of a rule only the retirement changes, once'); END;
--> statement-breakpoint
CREATE TRIGGER `colour_changes_keep_rows` BEFORE DELETE ON `colour_changes` BEGIN SELECT RAISE(ABORT, 'changes of colours stay'); END;
--> statement-breakpoint
CREATE TRIGGER `colour_changes_keep_values` BEFORE UPDATE ON `colour_changes` BEGIN SELECT RAISE(ABORT, 'changes of colours stay'); END;
--> statement-breakpoint
CREATE TRIGGER `rule_invocations_keep_rows` BEFORE DELETE ON `rule_invocations` BEGIN SELECT RAISE(ABORT, 'invocations stay'); END;
--> statement-breakpoint
CREATE TRIGGER `rule_invocations_keep_values` BEFORE UPDATE ON `rule_invocations` BEGIN SELECT RAISE(ABORT, 'invocations stay'); END;
--> statement-breakpoint
CREATE TRIGGER `appeals_keep_rows` BEFORE DELETE ON `appeals` BEGIN SELECT RAISE(ABORT, 'appeals stay'); END;
--> statement-breakpoint
CREATE TRIGGER `appeals_keep_values` BEFORE UPDATE ON `appeals`
WHEN OLD.`state` <> 'open' OR NEW.`id` <> OLD.`id` OR NEW.`credential_id` <> OLD.`credential_id` OR NEW.`change_id` <> OLD.`change_id`
	OR NEW.`grounds` <> OLD.`grounds` OR NEW.`operator` <> OLD.`operator` OR NEW.`filed_by` <> OLD.`filed_by` OR NEW.`filed_at` <> OLD.`filed_at`
BEGIN SELECT RAISE(ABORT, 'an appeal is decided once'); END;
--> statement-breakpoint
CREATE TRIGGER `revocation_jobs_keep_rows` BEFORE DELETE ON `revocation_jobs` BEGIN SELECT RAISE(ABORT, 'jobs stay'); END;
--> statement-breakpoint
CREATE TRIGGER `revocation_jobs_go_on` BEFORE UPDATE ON `revocation_jobs`
WHEN OLD.`state` <> 'running' OR NEW.`id` <> OLD.`id` OR NEW.`scope` <> OLD.`scope` OR NEW.`total` <> OLD.`total`
	OR NEW.`done` < OLD.`done` OR NEW.`cursor` < OLD.`cursor` OR NEW.`started_at` <> OLD.`started_at`
BEGIN SELECT RAISE(ABORT, 'a job only goes on'); END;

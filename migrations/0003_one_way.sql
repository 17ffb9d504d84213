-- Written by hand: what drizzle's schema cannot say. Revoked is for good, and nothing that was issued goes away.
CREATE TRIGGER `credentials_keep_rows` BEFORE DELETE ON `credentials` BEGIN SELECT RAISE(ABORT, 'credentials stay'); END;
--> statement-breakpoint
CREATE TRIGGER `credentials_stay_revoked` BEFORE UPDATE ON `credentials`
WHEN OLD.`revoked` <> 0 AND NEW.`revoked` IS NOT OLD.`revoked`
BEGIN SELECT RAISE(ABORT, 'revoked is for good'); END;
--> statement-breakpoint
CREATE TRIGGER `encodings_keep_rows` BEFORE DELETE ON `encodings` BEGIN SELECT RAISE(ABORT, 'encodings stay'); END;
--> statement-breakpoint
CREATE TRIGGER `encodings_stay_revoked` BEFORE UPDATE ON `encodings`
WHEN (OLD.`revoked` <> 0 AND NEW.`revoked` IS NOT OLD.`revoked`) OR (OLD.`value` = 1 AND NEW.`value` IS NOT 1)
BEGIN SELECT RAISE(ABORT, 'revoked is for good'); END;
--> statement-breakpoint
CREATE TRIGGER `api_keys_keep_rows` BEFORE DELETE ON `api_keys` BEGIN SELECT RAISE(ABORT, 'API keys stay'); END;
--> statement-breakpoint
CREATE TRIGGER `api_keys_keep_values` BEFORE UPDATE ON `api_keys`
WHEN OLD.`revoked_at` IS NOT NULL OR NEW.`id` <> OLD.`id` OR NEW.`name` <> OLD.`name` OR NEW.`scopes` <> OLD.`scopes`
	OR NEW.`salt` <> OLD.`salt` OR NEW.`hash` <> OLD.`hash` OR NEW.`created_at` <> OLD.`created_at`
	OR NEW.`expires_at` IS NOT OLD.`expires_at`
BEGIN SELECT RAISE(ABORT, 'of an API key only the revocation changes, once'); END;

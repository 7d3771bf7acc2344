DROP INDEX `sessions_by_user`;--> statement-breakpoint
CREATE INDEX `sessions_by_user_and_end` ON `sessions` (`user_id`,`revocation`);
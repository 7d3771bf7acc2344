CREATE TABLE `household_settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`changed_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `found_sources` ADD `seen_at` integer;--> statement-breakpoint
CREATE INDEX `found_sources_by_seen` ON `found_sources` (`seen_at`) WHERE seen_at is not null;--> statement-breakpoint
UPDATE `found_sources` SET `seen_at` = (SELECT max(told.value ->> 'seenAt') FROM json_each(`provenance`) AS told) WHERE NOT `is_on_one_agent`;

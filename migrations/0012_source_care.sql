CREATE TABLE `search_leases` (
	`title_id` text PRIMARY KEY NOT NULL,
	`lease_until` integer NOT NULL,
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `source_care` (
	`source_id` text PRIMARY KEY NOT NULL,
	`count_at` integer DEFAULT 0 NOT NULL,
	`count_every_seconds` integer,
	`counted_at` integer,
	`read_at` integer DEFAULT 0,
	`read_failures` integer DEFAULT 0 NOT NULL,
	`file_count` integer,
	FOREIGN KEY (`source_id`) REFERENCES `sources`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `source_care_by_count` ON `source_care` (`count_at`);--> statement-breakpoint
CREATE INDEX `source_care_by_reading` ON `source_care` (`read_at`);--> statement-breakpoint
-- Every found source that a swarm has is looked after; a file of one agent's own is not.
CREATE TRIGGER `found_sources_are_cared_for` AFTER INSERT ON `found_sources` WHEN new.`is_on_one_agent` = 0 BEGIN
	INSERT OR IGNORE INTO `source_care` (`source_id`) VALUES (new.`source_id`);
END;
--> statement-breakpoint
INSERT OR IGNORE INTO `source_care` (`source_id`) SELECT `source_id` FROM `found_sources` WHERE `is_on_one_agent` = 0;

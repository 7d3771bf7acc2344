CREATE TABLE `found_sources` (
	`source_id` text PRIMARY KEY NOT NULL,
	`title_id` text NOT NULL,
	`info_hash_index` text NOT NULL,
	`reach_index` text NOT NULL,
	`name` text NOT NULL,
	`seeders` integer,
	`seeders_before` integer,
	`leechers` integer,
	`published_at` integer,
	`release` text,
	`doubts` text,
	`provenance` text NOT NULL,
	`is_on_one_agent` integer NOT NULL,
	FOREIGN KEY (`source_id`) REFERENCES `sources`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `found_sources_by_hash` ON `found_sources` (`title_id`,`info_hash_index`);--> statement-breakpoint
CREATE TABLE `title_searches` (
	`title_id` text PRIMARY KEY NOT NULL,
	`searched_at` integer NOT NULL,
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `title_searches_by_time` ON `title_searches` (`searched_at`);
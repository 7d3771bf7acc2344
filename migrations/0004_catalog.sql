CREATE TABLE `cache_entries` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`tags` text NOT NULL,
	`stored_at_ms` integer NOT NULL,
	`fresh_until_ms` integer NOT NULL,
	`stale_until_ms` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `cache_entries_by_end` ON `cache_entries` (`stale_until_ms`);
--> statement-breakpoint
CREATE TABLE `cache_tags` (
	`tag` text PRIMARY KEY NOT NULL,
	`changed_at_ms` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `credits` (
	`title_id` text NOT NULL,
	`job` text NOT NULL,
	`position` integer NOT NULL,
	`artist_id` integer NOT NULL,
	`character` text,
	PRIMARY KEY(`title_id`, `job`, `position`),
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`artist_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `credits_by_artist` ON `credits` (`artist_id`);
--> statement-breakpoint
CREATE TABLE `external_ids` (
	`scheme` text NOT NULL,
	`value` text NOT NULL,
	`title_id` text NOT NULL,
	PRIMARY KEY(`scheme`, `value`),
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `external_ids_by_title` ON `external_ids` (`title_id`);
--> statement-breakpoint
CREATE TABLE `genres` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`names` text
);
--> statement-breakpoint
CREATE TABLE `images` (
	`title_id` text NOT NULL,
	`kind` text NOT NULL,
	`language` text NOT NULL,
	`path` text NOT NULL,
	PRIMARY KEY(`title_id`, `kind`, `language`),
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `people` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`portrait` text
);
--> statement-breakpoint
CREATE TABLE `title_details` (
	`title_id` text PRIMARY KEY NOT NULL,
	`tagline` text,
	`status` text,
	`homepage` text,
	`certifications` text NOT NULL,
	`videos` text NOT NULL,
	`recommendations` text NOT NULL,
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `title_genres` (
	`genre_id` integer NOT NULL,
	`title_id` text NOT NULL,
	PRIMARY KEY(`genre_id`, `title_id`),
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `title_genres_by_title` ON `title_genres` (`title_id`);
--> statement-breakpoint
CREATE TABLE `translations` (
	`title_id` text NOT NULL,
	`language` text NOT NULL,
	`name` text,
	`overview` text,
	`tagline` text,
	PRIMARY KEY(`title_id`, `language`),
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `list_items` (
	`list_id` text NOT NULL,
	`title_id` text NOT NULL,
	`rank` text NOT NULL,
	`added_at` integer NOT NULL,
	PRIMARY KEY(`list_id`, `title_id`),
	FOREIGN KEY (`list_id`) REFERENCES `media_lists`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `list_items_by_rank` ON `list_items` (`list_id`,`rank`);
--> statement-breakpoint
CREATE INDEX `list_items_by_title` ON `list_items` (`title_id`);
--> statement-breakpoint
CREATE TABLE `media_lists` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`person_id` text,
	`viewer_id` text,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`is_shared` integer DEFAULT false NOT NULL,
	`origin` text,
	`item_count` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `media_lists_by_viewer` ON `media_lists` (`viewer_id`,`kind`);
--> statement-breakpoint
CREATE INDEX `media_lists_by_person` ON `media_lists` (`person_id`);
--> statement-breakpoint
CREATE INDEX `media_lists_by_sharing` ON `media_lists` (`is_shared`,`kind`);
--> statement-breakpoint
CREATE TABLE `search_words` (
	`id` integer PRIMARY KEY NOT NULL,
	`word` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `search_words_word_unique` ON `search_words` (`word`);
--> statement-breakpoint
CREATE TABLE `title_search` (
	`id` integer PRIMARY KEY NOT NULL,
	`title_id` text NOT NULL,
	`name` text NOT NULL,
	`alternatives` text NOT NULL,
	`people` text NOT NULL,
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `title_search_title_id_unique` ON `title_search` (`title_id`);
--> statement-breakpoint
CREATE TABLE `sync_states` (
	`name` text PRIMARY KEY NOT NULL,
	`person_id` text,
	`cursor` text,
	`synced_at` integer,
	`not_before` integer,
	`failures` integer DEFAULT 0 NOT NULL,
	`last_error` text,
	`rows_written` integer DEFAULT 0 NOT NULL,
	`written_on` text,
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `sync_states_by_person` ON `sync_states` (`person_id`);
--> statement-breakpoint
CREATE TABLE `ratings` (
	`viewer_id` text NOT NULL,
	`person_id` text NOT NULL,
	`title_id` text NOT NULL,
	`stars` integer NOT NULL,
	`rated_at_ms` integer NOT NULL,
	PRIMARY KEY(`viewer_id`, `title_id`),
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `ratings_by_person` ON `ratings` (`person_id`);
--> statement-breakpoint
CREATE INDEX `ratings_by_title` ON `ratings` (`title_id`);
--> statement-breakpoint
CREATE TABLE `recent_searches` (
	`viewer_id` text NOT NULL,
	`person_id` text NOT NULL,
	`text` text NOT NULL,
	`searched_at_ms` integer NOT NULL,
	PRIMARY KEY(`viewer_id`, `text`),
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `recent_searches_by_time` ON `recent_searches` (`viewer_id`,`searched_at_ms`);
--> statement-breakpoint
CREATE INDEX `recent_searches_by_person` ON `recent_searches` (`person_id`);
--> statement-breakpoint
CREATE TABLE `show_progress` (
	`viewer_id` text NOT NULL,
	`person_id` text NOT NULL,
	`show_id` text NOT NULL,
	`season_number` integer NOT NULL,
	`episode_number` integer NOT NULL,
	`watched_at_ms` integer NOT NULL,
	`is_hidden` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`viewer_id`, `show_id`),
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`show_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `show_progress_by_time` ON `show_progress` (`viewer_id`,`watched_at_ms`);
--> statement-breakpoint
CREATE INDEX `show_progress_by_person` ON `show_progress` (`person_id`);
--> statement-breakpoint
CREATE INDEX `show_progress_by_show` ON `show_progress` (`show_id`);
--> statement-breakpoint
CREATE TABLE `trakt_outbox` (
	`id` text PRIMARY KEY NOT NULL,
	`viewer_id` text NOT NULL,
	`person_id` text NOT NULL,
	`kind` text NOT NULL,
	`body` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`not_before_ms` integer NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `trakt_outbox_by_time` ON `trakt_outbox` (`not_before_ms`);
--> statement-breakpoint
CREATE INDEX `trakt_outbox_by_person` ON `trakt_outbox` (`person_id`,`created_at_ms`);
--> statement-breakpoint
CREATE TABLE `watch_events` (
	`viewer_id` text NOT NULL,
	`person_id` text NOT NULL,
	`title_id` text NOT NULL,
	`watched_at_ms` integer NOT NULL,
	`origin` text NOT NULL,
	`trakt_id` integer,
	PRIMARY KEY(`viewer_id`, `watched_at_ms`, `title_id`),
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `watch_events_by_viewer_and_title` ON `watch_events` (`viewer_id`,`title_id`);
--> statement-breakpoint
CREATE INDEX `watch_events_by_person` ON `watch_events` (`person_id`);
--> statement-breakpoint
CREATE INDEX `watch_events_by_title` ON `watch_events` (`title_id`);
--> statement-breakpoint
-- From here on written by hand. Tables with a key of their own are WITHOUT ROWID (above): D1 counts one row written, not two.
-- Making `titles` anew, as generated, would delete every source and all progress with it (see 0001).
ALTER TABLE `titles` RENAME COLUMN `year` TO `old_year`;
--> statement-breakpoint
ALTER TABLE `titles` RENAME COLUMN `runtime_minutes` TO `old_runtime_minutes`;
--> statement-breakpoint
ALTER TABLE `titles` ADD `year` integer;
--> statement-breakpoint
ALTER TABLE `titles` ADD `runtime_minutes` real;
--> statement-breakpoint
ALTER TABLE `titles` ADD `names` text;
--> statement-breakpoint
ALTER TABLE `titles` ADD `original_name` text;
--> statement-breakpoint
ALTER TABLE `titles` ADD `original_language` text;
--> statement-breakpoint
ALTER TABLE `titles` ADD `released_on` text;
--> statement-breakpoint
ALTER TABLE `titles` ADD `backdrop` text;
--> statement-breakpoint
ALTER TABLE `titles` ADD `popularity` real DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `titles` ADD `vote_average` real;
--> statement-breakpoint
ALTER TABLE `titles` ADD `vote_count` integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE `titles` ADD `minimum_age_years` integer;
--> statement-breakpoint
ALTER TABLE `titles` ADD `show_id` text REFERENCES `titles`(`id`) ON DELETE cascade;
--> statement-breakpoint
ALTER TABLE `titles` ADD `season_number` integer;
--> statement-breakpoint
ALTER TABLE `titles` ADD `episode_number` integer;
--> statement-breakpoint
ALTER TABLE `titles` ADD `available_at` integer;
--> statement-breakpoint
ALTER TABLE `titles` ADD `details_at` integer;
--> statement-breakpoint
UPDATE `titles` SET `year` = `old_year`, `runtime_minutes` = `old_runtime_minutes`, `available_at` = (SELECT unixepoch() WHERE EXISTS (SELECT 1 FROM `sources` WHERE `title_id` = `titles`.`id`));
--> statement-breakpoint
ALTER TABLE `titles` DROP COLUMN `old_year`;
--> statement-breakpoint
ALTER TABLE `titles` DROP COLUMN `old_runtime_minutes`;
--> statement-breakpoint
CREATE INDEX `titles_by_show` ON `titles` (`show_id`,`season_number`,`episode_number`);
--> statement-breakpoint
CREATE INDEX `titles_available_by_name` ON `titles` (`name`,`id`) WHERE available_at is not null;
--> statement-breakpoint
CREATE INDEX `titles_available_by_time` ON `titles` (`available_at`) WHERE available_at is not null;
--> statement-breakpoint
-- Nothing refers to progress, so that nothing goes with the old table.
CREATE TABLE `new_progress` (
	`viewer_id` text NOT NULL,
	`person_id` text NOT NULL,
	`title_id` text NOT NULL,
	`source_id` text DEFAULT '' NOT NULL,
	`position_seconds` real NOT NULL,
	`duration_seconds` real NOT NULL,
	`watched_at_ms` integer NOT NULL,
	`state` text DEFAULT 'open' NOT NULL,
	PRIMARY KEY(`viewer_id`, `title_id`, `source_id`),
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `new_progress` SELECT `person_id`, `person_id`, `title_id`, '', `position_seconds`, `duration_seconds`, `watched_at_ms`, CASE WHEN `position_seconds` < 0.9 * `duration_seconds` THEN 'open' ELSE 'watched' END FROM `progress`;
--> statement-breakpoint
DROP TABLE `progress`;
--> statement-breakpoint
ALTER TABLE `new_progress` RENAME TO `progress`;
--> statement-breakpoint
CREATE INDEX `progress_by_time` ON `progress` (`viewer_id`,`state`,`watched_at_ms`);
--> statement-breakpoint
CREATE INDEX `progress_by_person` ON `progress` (`person_id`);
--> statement-breakpoint
CREATE INDEX `progress_by_title` ON `progress` (`title_id`);
--> statement-breakpoint
-- A source that comes or goes says whether its title, and the show of that, can be had.
CREATE TRIGGER `sources_come` AFTER INSERT ON `sources` BEGIN
	UPDATE `titles` SET `available_at` = unixepoch() WHERE `available_at` IS NULL AND `id` IN (new.`title_id`, (SELECT `show_id` FROM `titles` WHERE `id` = new.`title_id`));
END;
--> statement-breakpoint
CREATE TRIGGER `sources_move` AFTER UPDATE OF `title_id` ON `sources` BEGIN
	UPDATE `titles` SET `available_at` = unixepoch() WHERE `available_at` IS NULL AND `id` IN (new.`title_id`, (SELECT `show_id` FROM `titles` WHERE `id` = new.`title_id`));
	UPDATE `titles` SET `available_at` = NULL WHERE `id` = old.`title_id` AND NOT EXISTS (SELECT 1 FROM `sources` WHERE `title_id` = old.`title_id`);
	UPDATE `titles` SET `available_at` = NULL WHERE `id` = (SELECT `show_id` FROM `titles` WHERE `id` = old.`title_id`) AND NOT EXISTS (SELECT 1 FROM `titles` AS `episode` WHERE `episode`.`show_id` = `titles`.`id` AND `episode`.`available_at` IS NOT NULL);
END;
--> statement-breakpoint
CREATE TRIGGER `sources_go` AFTER DELETE ON `sources` BEGIN
	UPDATE `titles` SET `available_at` = NULL WHERE `id` = old.`title_id` AND NOT EXISTS (SELECT 1 FROM `sources` WHERE `title_id` = old.`title_id`);
	UPDATE `titles` SET `available_at` = NULL WHERE `id` = (SELECT `show_id` FROM `titles` WHERE `id` = old.`title_id`) AND NOT EXISTS (SELECT 1 FROM `titles` AS `episode` WHERE `episode`.`show_id` = `titles`.`id` AND `episode`.`available_at` IS NOT NULL);
END;
--> statement-breakpoint
-- Search: the words of a title, found by the beginnings of words; and every word once, found by its trigrams.
CREATE VIRTUAL TABLE `title_fts` USING fts5(`name`, `alternatives`, `people`, content='title_search', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3');
--> statement-breakpoint
CREATE VIRTUAL TABLE `word_fts` USING fts5(`word`, content='search_words', content_rowid='id', tokenize='trigram', detail='none');
--> statement-breakpoint
CREATE TRIGGER `title_search_come` AFTER INSERT ON `title_search` BEGIN
	INSERT INTO `title_fts` (`rowid`, `name`, `alternatives`, `people`) VALUES (new.`id`, new.`name`, new.`alternatives`, new.`people`);
END;
--> statement-breakpoint
CREATE TRIGGER `title_search_change` AFTER UPDATE ON `title_search` BEGIN
	INSERT INTO `title_fts` (`title_fts`, `rowid`, `name`, `alternatives`, `people`) VALUES ('delete', old.`id`, old.`name`, old.`alternatives`, old.`people`);
	INSERT INTO `title_fts` (`rowid`, `name`, `alternatives`, `people`) VALUES (new.`id`, new.`name`, new.`alternatives`, new.`people`);
END;
--> statement-breakpoint
CREATE TRIGGER `title_search_go` AFTER DELETE ON `title_search` BEGIN
	INSERT INTO `title_fts` (`title_fts`, `rowid`, `name`, `alternatives`, `people`) VALUES ('delete', old.`id`, old.`name`, old.`alternatives`, old.`people`);
END;
--> statement-breakpoint
CREATE TRIGGER `search_words_come` AFTER INSERT ON `search_words` BEGIN
	INSERT INTO `word_fts` (`rowid`, `word`) VALUES (new.`id`, new.`word`);
END;
--> statement-breakpoint
CREATE TRIGGER `titles_come` AFTER INSERT ON `titles` WHEN new.`kind` IN ('movie', 'show') BEGIN
	INSERT INTO `title_search` (`title_id`, `name`, `alternatives`, `people`) VALUES (new.`id`, new.`name`, '', '');
END;
--> statement-breakpoint
CREATE TRIGGER `titles_renamed` AFTER UPDATE OF `name` ON `titles` WHEN new.`name` IS NOT old.`name` BEGIN
	UPDATE `title_search` SET `name` = new.`name` WHERE `title_id` = new.`id`;
END;
--> statement-breakpoint
INSERT INTO `title_search` (`title_id`, `name`, `alternatives`, `people`) SELECT `id`, `name`, '', '' FROM `titles`;
--> statement-breakpoint
-- What a profile watched goes with it.
CREATE TRIGGER `profiles_go` AFTER DELETE ON `profiles` BEGIN
	DELETE FROM `progress` WHERE `viewer_id` = old.`id`;
	DELETE FROM `watch_events` WHERE `viewer_id` = old.`id`;
	DELETE FROM `show_progress` WHERE `viewer_id` = old.`id`;
	DELETE FROM `ratings` WHERE `viewer_id` = old.`id`;
	DELETE FROM `recent_searches` WHERE `viewer_id` = old.`id`;
	DELETE FROM `media_lists` WHERE `viewer_id` = old.`id`;
	DELETE FROM `trakt_outbox` WHERE `person_id` = old.`user_id` AND `viewer_id` = old.`id`;
END;

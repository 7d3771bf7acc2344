CREATE TABLE `agents` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`public_key` text NOT NULL,
	`software_version` text NOT NULL,
	`addresses` text NOT NULL,
	`paired_at` integer NOT NULL,
	`paired_by` text,
	`last_seen_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `agents_public_key_unique` ON `agents` (`public_key`);--> statement-breakpoint
CREATE TABLE `pairing_tries` (
	`person_id` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`tries` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `pairings` (
	`user_code` text PRIMARY KEY NOT NULL,
	`poll_token_hash` text NOT NULL,
	`public_key` text NOT NULL,
	`name` text NOT NULL,
	`software_version` text NOT NULL,
	`address` text NOT NULL,
	`expires_at` integer NOT NULL,
	`agent_id` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `pairings_poll_token_hash_unique` ON `pairings` (`poll_token_hash`);--> statement-breakpoint
CREATE INDEX `pairings_by_expiry` ON `pairings` (`expires_at`);--> statement-breakpoint
CREATE TABLE `audit_events` (
	`id` text PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`kind` text NOT NULL,
	`actor_id` text,
	`session_id` text,
	`subject_id` text,
	`details` text NOT NULL,
	`correlation_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_events_by_time` ON `audit_events` (`at_ms`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`generation` integer NOT NULL,
	`rotated_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`idle_expires_at` integer NOT NULL,
	`absolute_expires_at` integer NOT NULL,
	`auth_time` integer NOT NULL,
	`amr` text NOT NULL,
	`revoked_at` integer,
	`revoke_reason` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sessions_by_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`display_name` text NOT NULL,
	`password_hash` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);--> statement-breakpoint
CREATE TABLE `sources` (
	`id` text PRIMARY KEY NOT NULL,
	`title_id` text NOT NULL,
	`provider` text NOT NULL,
	`agent_id` text,
	`info_hash` text NOT NULL,
	`magnet` text,
	`torrent_file` text,
	`file_path` text,
	`size_bytes` integer,
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sources_by_title` ON `sources` (`title_id`);--> statement-breakpoint
CREATE INDEX `sources_by_agent` ON `sources` (`agent_id`,`provider`);--> statement-breakpoint
CREATE TABLE `titles` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`year` integer NOT NULL,
	`runtime_minutes` real NOT NULL,
	`overview` text NOT NULL,
	`licence` text NOT NULL,
	`credit` text NOT NULL,
	`poster` text
);
--> statement-breakpoint
CREATE TABLE `progress` (
	`person_id` text NOT NULL,
	`title_id` text NOT NULL,
	`position_seconds` real NOT NULL,
	`duration_seconds` real NOT NULL,
	`watched_at_ms` integer NOT NULL,
	PRIMARY KEY(`person_id`, `title_id`),
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `stream_grants` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`session_id` text NOT NULL,
	`title_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`source_id` text NOT NULL,
	`path` text NOT NULL,
	`counter` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	`revoke_reason` text,
	`correlation_id` text NOT NULL,
	`failures` text NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `stream_grants_by_session` ON `stream_grants` (`session_id`);--> statement-breakpoint
CREATE INDEX `stream_grants_by_agent` ON `stream_grants` (`agent_id`);